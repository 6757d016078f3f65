create temp table c (a text, b text);
copy c from stdin;
1	it's
2	";$$/*
\\.	x
\.
select 1;
COPY c (a, b) FROM STDIN WITH (FORMAT csv);
1,"two
lines;"
3,"\\."
\.
select 2; copy c from stdin; select 3
4	5
\.
 , 4;
copy c from stdin; copy c (b,a) from stdin; select 5;
first	first
\.
second	second
\.
copy c
  from /* a comment; */
  stdin -- another
  with (format text);
6	7
\.
copy c from stdin;
\.
select 'copy c from stdin;';
select 6 as "copy c from stdin;";
select $$
copy c from stdin;
$$;
-- copy c from stdin;
copy (select a from c) to stdout;
copy c to stdout;
copy c ("a", b) from stdin csv delimiter ';';
8;9
\.
copy pg_temp."c" from stdin;
10	11
\.
copy public.nothing from '/nonexistent'; select 7;
copy c from stdin\; select 8;
12	13
\.
select 9\; copy c from stdin;
14	15
\.
\copy c from stdin
16	17
\.
\copy c (a, b) from stdin with (format csv);
18,19
\.
\copy c from 'part/data.txt'
\copy pg_temp.c ( a ) from part/names.csv csv header
\copy "c"(a, b) from 'part/data.txt' (format text, delimiter E'\t');
\set q 'copy c from stdin;'
:q
20	21
\.
select 10 \copy c from stdin
22	23
\.
, 11;
\if false
copy c from stdin;
\endif
select 12;
copy c from stdin; /* open
24	25
\.
 */ select 13;
copy binary c to stdout;
copy c from stdin where a is distinct from 'stdin';
26	27
\.
copy c from stdin

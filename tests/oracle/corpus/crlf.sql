create temp table c (a text);
copy c from stdin;
one
two
\.
select 'a
b;';
-- comment ;
select 1

, 2;
\set x 5
select :x;
\if true
select 3;
\endif
select E'a'
'b;';

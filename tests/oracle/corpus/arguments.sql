\set a 'x' 'y'
select :'a';
\set a x'y'z"w v"
select :'a';
\set a 'tab\there\nline\'quote\x41\101\b\f\r\\end\q'
select :'a';
\set a x\set b y
select :'a', :'b';
\set a one \\ select :'a'; \set b two \\ select :'b';
\set a 'with;semicolon' ;
select :'a';
\set a value;
select :'a';
   \set   a    spaced    out
select :'a';
\set b :a:'a':"a":{?a}:undefined:'undefined'
select :'b';
\set c 'not :a' ":a" x:a
select :'c';
\set d ''''
select :'d';
\set e 'a''b'
select :'e';
select 1 \set f in_statement
, :'f';
select \set g 5 \\ :g;
\set h "with spaces" "and 'quotes'"
select :'h';
\set i :
select :'i';
\set j :'a ' :"a "
select :'j';
\set k a:b::c
select :'k';
\set l '\x4' '\1012' '\118'
select :'l';
\set m ünï'cödé'
select :'m';
\echo hello 'wor ld' :a \\ select 1;
\echo -n no newline
\echo
\unset a b
select :'a', :'b';

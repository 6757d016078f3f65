\set one 1
\set text 'it''s; here'
\set slash 'back\\slash'
\set name 'my "table"'
\set empty
\set both 1 2 '3 4' "5"
\set joined :one'x':one
select :one, :'one', :"one";
select :'text'; select :"name" from (select 1 as :"name") s; select :'slash';
select :'empty', :"empty" , :'both', :'joined';
select :undefined, :'undefined', :"undefined", :{?undefined}, :{?one};
select :{?, :{?one, :{one}, :'one, ';', :"one;", ";
select ':one', $$:one$$, ":one" from (select 1 as ":one") s; -- :one
/* :one */ select 1::int, a[1:one] from (select array[1] as a) s;
select :one:one, :one::int, :one::text, (:one), x:one;
\set statement 'select 5;'
:statement
:statement :statement
\set two_statements 'select 6; select 7'
:two_statements;
\set open_quote 'select ''open; '
:open_quote still; ';
\set half_comment '/* open ; '
select 8 :half_comment ; */ ;
\set nested ':one + :one'
select :nested;
\set loop ':loop + 1'
select :loop;
\set a ':b'
\set b ':a'
select :a;
\set line_comment '9 -- comment ;'
select :line_comment , 10;
\set parens '(1;'
select :parens 2);
\set body 'begin atomic select 1; end'
create function vf() returns int :body; select 11;
\set semi ';'
select 12 :semi select 13;
\set dollar '$x$ ; '
select :dollar $x$;
\set sep '\\;'
select 'x:one', E'\':one;'; select :one;
\set ünï 14
select :ünï;
\set 1a 15
select :1a;
\unset one
select :one, :'one', :{?one};
\set empty ''
select 16 :empty;
:empty;
\set quoted '''q;'''
select :quoted, :'quoted', :"quoted";
select 17 :empty :semi

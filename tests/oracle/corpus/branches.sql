\set yes on
\set no 0
\if :yes
select 1;
\else
select 'no';
\endif
\if :no
select 'no';
\elif true
select 2;
\elif true
select 'no';
\else
select 'no';
\endif
\if false
\if true
select 'no';
\else
select 'no';
\endif
select 'no; \endif';
\set yes changed
\else
select 3, :'yes';
\endif
\if tru
select 4;
\endif
\if of
select 'no';
\endif
\if :{?undefined}
select 'no';
\endif
\if :{?yes} \\ select 5; \endif
select \if true \\ 6 \else 7 \endif ;
select \if false \\ 6 \else \\ 7 \endif ;
select \if false \\ 6 \elif true \\ 7, \if false \\ 8 \else \\ 9 \endif \else \\ 10 \endif , 11;
select ( \if false \\ ) \else \\ 12 ) \endif ;
\if false
select 'no
\endif
';
create function no() returns int begin atomic select 1; end;
select (1;
\i does_not_exist.sql
\set yes off
\echo :undefined 'x
\copy nothing from 'nowhere'
\! echo it's \endif
\elif on
select 13 -- no semicolon
\endif
;
\if 1
select 14\; select 15;
\endif
\if 0
select 'no'\; select 'no';
\endif
select 16
\if false
 , 'no'
\endif
 , 17;
\if yes \\ select 18; \else \\ select 'no'; \endif
select 19, \if true \\ '20' \endif , 21;
\if 0
create or replace ( begin case
\else
create function f() begin atomic select 1; end; select 22;
\endif
create
\if 0
table t; create procedure
\endif
function f() begin atomic select 1; end; select 23;

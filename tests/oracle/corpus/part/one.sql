select 'one';
\set from_one yes
\ir two.sql
select 'one without semicolon'

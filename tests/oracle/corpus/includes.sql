select 1;
\i part/one.sql
\ir part/one.sql
\include part/one.sql ;
\include_relative 'part/one.sql'
select 2 \i part/one.sql
, 3;
\set name part/one
\i :name.sql
\set file part/one.sql
\i :file
select :'from_one';
\if false
\i part/one.sql
\endif

-- traps.sql - what somebody who may create in "public" would plant there: overloads of everything that
-- our queries call or name, which fit as well as pg_catalog's or better. Each tells the server's log
-- that it was called.
--
--	qualified names src/*/*.sql src/*/*/*.sql | sort -u | psql -f traps.sql
--
-- Prints how many functions, operators, types and relations it planted.
set search_path = pg_catalog;
set client_min_messages = error;
create schema trap;
grant usage on schema trap to public;

create function trap.sprung(what text) returns boolean language plpgsql set search_path = pg_catalog as $$
begin
	raise log 'TRAP %', what;
	return true;
end $$;

create table trap.name (kind text, name text, arity integer);
\copy trap.name from pstdin (delimiter ' ')

create function trap.plant_function(name text, arguments text, result text) returns integer language plpgsql as $$
begin
	execute format('create function public.%I(%s) returns %s language plpgsql as %L', name, arguments, result,
	               format('begin perform trap.sprung(%L); return null; end',
	                      format('function %s(%s)', name, arguments)));
	return 1;
exception when others then
	return 0; -- planted already, or a type that no function in PL/pgSQL may have
end $$;

create function trap.plant_operator(name text, lefttype text, righttype text, result text) returns integer
language plpgsql as $$
declare
	body text := format('op_%s', md5(concat_ws(' ', name, lefttype, righttype)));
begin
	execute format('create function trap.%I(%s) returns %s language plpgsql as %L', body,
	               concat_ws(',', lefttype, righttype), result,
	               format('begin perform trap.sprung(%L); return null; end',
	                      format('operator %s (%s, %s)', name, lefttype, righttype)));
	execute format('create operator public.%s (%s rightarg = %s, function = trap.%I)', name,
	               'leftarg = ' || lefttype || ',', righttype, body);
	return 1;
exception when others then
	return 0;
end $$;

-- The same types as pg_catalog's, for who puts "public" before it.
create view trap.same_function as
select p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments,
       case when p.proretset or p.prorettype in ('internal'::regtype, 'record'::regtype) then 'text'
            else format_type(p.prorettype, null) end as result
  from pg_proc p
 where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in (select n.name from trap.name n where n.kind = 'function')
   and p.provariadic <> '"any"'::regtype;

-- Better ones: types of what we hand over, which pg_catalog's functions take only by a cast.
create table trap.type (name text);
insert into trap.type
values ('name'), ('text'), ('"char"'), ('oid'), ('bigint'), ('integer'), ('numeric'), ('regclass'), ('timestamptz'),
       ('interval'), ('jsonb'), ('double precision'), ('anyelement');

create view trap.better_function as
select n.name, concat_ws(',', a.name, b.name) as arguments, case when n.name = 'max' then a.name else 'text' end as result
  from trap.name n
  join trap.type a on n.arity >= 1
  left join trap.type b on n.arity = 2
 where n.kind = 'function' and n.arity in (1, 2)
union all
select n.name, array_to_string(array_fill(t.name, array[n.arity]), ','), 'text'
  from trap.name n
 cross join trap.type t
 where n.kind = 'function' and n.arity > 2
union all
select n.name, concat_ws(',', first.name, array_to_string(array_fill('text'::text, array[n.arity - 1]), ',')), 'text'
  from trap.name n
 cross join trap.type first
 where n.kind = 'function' and n.arity > 2
union all
select n.name, 'variadic anyarray', 'text' from trap.name n where n.kind = 'function'
union all
-- What log.sql hashes, and what a text is made of.
select 'jsonb_build_array', 'bigint,text,text,text,bigint,text,text,bigint,text,text,text,name,text,text,text,text', 'jsonb'
union all
select 'concat_ws', 'text,name,text', 'text';

create view trap.operator as
select o.oprname as name, format_type(o.oprleft, null) as lefttype, format_type(o.oprright, null) as righttype,
       format_type(o.oprresult, null) as result
  from pg_operator o
 where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprleft <> 0
   and o.oprname in (select n.name from trap.name n where n.kind = 'operator')
union all
select n.name, a.name, b.name, case when n.name in ('+', '-', '*', '/', '||', '->>', '<<', '|') then 'text' else 'boolean' end
  from (select distinct name from trap.name where kind = 'operator') n
 cross join trap.type a
 cross join trap.type b;

select sum(trap.plant_function(name, arguments, result)) || ' functions'
  from (select * from trap.same_function union select * from trap.better_function) f;
select sum(trap.plant_operator(name, lefttype, righttype, result)) || ' operators' from trap.operator;

-- A type is a domain whose check tells; a relation is a view.
select format('create domain public.%I as pg_catalog.%I check (trap.sprung(%L))', t.typname, t.typname, 'type ' || t.typname)
  from pg_type t
 where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype = 'b' and t.typelem = 0
   and t.typname in (select name from trap.name where kind = 'type')
\gexec
select count(*) || ' types' from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype = 'd';

select format('create view public.%I as select %s from pg_catalog.%I where trap.sprung(%L)', c.relname,
              (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                where a.attrelid = c.oid and not a.attisdropped and a.atttypid <> 'anyarray'::regtype and a.attnum > 0),
              c.relname, 'relation ' || c.relname)
  from pg_class c
 where c.relnamespace = 'pg_catalog'::regnamespace
   and format('pg_catalog.%s', c.relname) in (select name from trap.name where kind = 'relation')
\gexec
select count(*) || ' relations' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v';

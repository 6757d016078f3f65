--- function: exists
-->
create function f() returns integer language sql as 'select 1';

--- function: exists
create function f(a integer) returns integer language sql as 'select 1';
-->
create function f(a text) returns integer language sql as 'select 1';

--- function: exists
create function f() returns integer language sql as 'select 1';
-->
alter function f() rename to "F g";

--- function: body
create function f() returns integer language sql as 'select 1';
-->
create or replace function f() returns integer language sql as 'select 2';

--- function: body
create function f() returns integer language plpgsql as 'begin return 1; end';
-->
create or replace function f() returns integer language plpgsql as ' begin return 1; end';

--- function: body
create function f(v varchar) returns boolean language sql as $$select v = any ((array['a'::varchar])::text[])$$;
-->
create or replace function f(v varchar) returns boolean language sql as $$select v = any (array[('a'::varchar)::text])$$;

--- function: sql_body since 14
create function f(a integer) returns integer return a + 1;
-->
create or replace function f(a integer) returns integer return a + 2;

--- function: sql_body since 14
create function f(a integer) returns integer language sql as 'select a';
-->
create or replace function f(a integer) returns integer begin atomic select a; end;

--- function: arguments
create function f(a integer) returns integer language sql as 'select 1';
-->
drop function f;
create function f(b integer) returns integer language sql as 'select 1';

--- function: arguments
create function f(a integer) returns integer language sql as 'select 1';
-->
create or replace function f(a integer default 7) returns integer language sql as 'select 1';

--- function: arguments
create function f(a integer default 7) returns integer language sql as 'select 1';
-->
create or replace function f(a integer default 8) returns integer language sql as 'select 1';

--- function: arguments
create function f(a integer[]) returns integer language sql as 'select 1';
-->
drop function f;
create function f(variadic a integer[]) returns integer language sql as 'select 1';

--- function: arguments
create function f(a integer, out b integer) language sql as 'select 1';
-->
drop function f;
create function f(a integer, out c integer) language sql as 'select 1';

--- function: result
create function f() returns integer language sql as 'select 1';
-->
drop function f();
create function f() returns smallint language sql as 'select 1::smallint';

--- function: result
create function f() returns integer language sql as 'select 1';
-->
drop function f();
create function f() returns setof integer language sql as 'select 1';

--- function: result
create function f() returns table (a integer) language sql as 'select 1';
-->
drop function f();
create function f() returns table (a integer, b integer) language sql as 'select 1, 2';

--- function: language
create function f() returns integer language sql as 'select 1';
-->
create or replace function f() returns integer language plpgsql as 'begin return 1; end';

--- function: window
create function f() returns bigint language internal as 'window_row_number';
-->
drop function f;
create function f() returns bigint window language internal as 'window_row_number';

--- function: volatility
create function f() returns integer language sql as 'select 1';
-->
alter function f() immutable;

--- function: volatility
create function f() returns integer language sql immutable as 'select 1';
-->
alter function f() stable;

--- function: strict
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) strict;

--- function: leakproof
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) leakproof;

--- function: security_definer
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) security definer;

--- function: parallel
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) parallel safe;

--- function: parallel
create function f(a integer) returns integer language sql parallel safe as 'select 1';
-->
alter function f(integer) parallel restricted;

--- function: cost
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) cost 7;

--- function: rows
create function f(a integer) returns setof integer language sql as 'select 1';
-->
alter function f(integer) rows 7;

--- function: support
create function f(a integer) returns setof integer language sql as 'select 1';
-->
alter function f(integer) support generate_series_int4_support;

--- function: settings
create function f(a integer) returns integer language sql as 'select 1';
-->
alter function f(integer) set work_mem = '7MB';

--- function: settings
create function f(a integer) returns integer language sql set search_path = pg_catalog as 'select 1';
-->
alter function f(integer) set search_path = pg_catalog, pg_temp;

--- function: settings
create function f(a integer) returns integer language sql set search_path = pg_catalog as 'select 1';
-->
alter function f(integer) reset search_path;

--- function: transforms
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
create type e as enum ('a');
create transform for e language sql (from sql with function from_sql(internal));
create function f(a e) returns integer language sql as 'select 1';
-->
create or replace function f(a e) returns integer transform for type e language sql as 'select 1';

--- function: library
create function f() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
-->
create or replace function f() returns language_handler language c as 'plpgsql', 'plpgsql_call_handler';

--- function: owner
create function f() returns integer language sql as 'select 1';
-->
alter function f() owner to pair_a;

--- function: grants
create function f() returns integer language sql as 'select 1';
-->
revoke execute on function f() from public;

--- function: grants
create function f() returns integer language sql as 'select 1';
revoke execute on function f() from public;
-->
grant execute on function f() to pair_a;

--- function: comment
create function f() returns integer language sql as 'select 1';
-->
comment on function f() is E'two\nlines';

--- procedure: exists
-->
create procedure f(a integer) language sql as 'select 1';

--- procedure: body
create procedure f(a integer) language sql as 'select 1';
-->
create or replace procedure f(a integer) language sql as 'select 2';

--- procedure: security_definer
create procedure f(a integer) language sql as 'select 1';
-->
alter procedure f(integer) security definer;

--- procedure: owner
create procedure f(a integer) language sql as 'select 1';
-->
alter procedure f(integer) owner to pair_a;

--- procedure: grants
create procedure f(a integer) language sql as 'select 1';
-->
grant execute on procedure f(integer) to pair_a with grant option;

--- procedure: comment
create procedure f(a integer) language sql as 'select 1';
-->
comment on procedure f(integer) is 'c';

--- procedure: arguments since 14
create procedure f(a integer) language sql as 'select 1';
-->
drop procedure f(integer);
create procedure f(a integer, out b integer) language sql as 'select 1';

--- procedure: exists
create function f() returns integer language sql as 'select 1';
-->
drop function f();
create procedure f() language sql as 'select 1';

--- aggregate: exists
-->
create aggregate g(integer) (sfunc = int4pl, stype = integer);

--- aggregate: exists
create aggregate g(integer) (sfunc = int4pl, stype = integer);
-->
alter aggregate g(integer) rename to h;

--- aggregate: owner
create aggregate g(integer) (sfunc = int4pl, stype = integer);
-->
alter aggregate g(integer) owner to pair_a;

--- aggregate: grants
create aggregate g(integer) (sfunc = int4pl, stype = integer);
-->
revoke execute on function g(integer) from public;

--- aggregate: comment
create aggregate g(integer) (sfunc = int4pl, stype = integer);
-->
comment on aggregate g(integer) is 'c';

--- aggregate: arguments
create aggregate g(a integer) (sfunc = int4pl, stype = integer);
-->
drop aggregate g(integer);
create aggregate g(b integer) (sfunc = int4pl, stype = integer);

--- aggregate: transition_function
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8mi, stype = float8);

--- aggregate: transition_type
create function t4(integer, float8) returns integer immutable language sql as 'select 1';
create function t8(bigint, float8) returns bigint immutable language sql as 'select 1::bigint';
create aggregate g(float8) (sfunc = t4, stype = integer);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = t8, stype = bigint);

--- aggregate: transition_space
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, sspace = 100);

--- aggregate: final_function
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = float8abs);

--- aggregate: final_modify
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = float8abs);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = float8abs, finalfunc_modify = read_write);

--- aggregate: final_extra
create function ff(float8) returns float8 immutable language sql as 'select 1::float8';
create function ff(float8, float8) returns float8 immutable language sql as 'select 1::float8';
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = ff, finalfunc_modify = read_only);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = ff, finalfunc_extra, finalfunc_modify = read_only);

--- aggregate: combine_function
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, combinefunc = float8pl);

--- aggregate: serial_function
create function tf(internal, float8) returns internal immutable language internal as 'int8_avg_accum';
create function fi(internal) returns numeric immutable language internal as 'numeric_poly_avg';
create function cf(internal, internal) returns internal immutable language internal as 'int8_avg_combine';
create aggregate g(float8) (sfunc = tf, stype = internal, finalfunc = fi, combinefunc = cf);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = tf, stype = internal, finalfunc = fi, combinefunc = cf, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize);

--- aggregate: deserial_function
create function tf(internal, float8) returns internal immutable language internal as 'int8_avg_accum';
create function fi(internal) returns numeric immutable language internal as 'numeric_poly_avg';
create function cf(internal, internal) returns internal immutable language internal as 'int8_avg_combine';
create function de(bytea, internal) returns internal immutable strict language internal as 'int8_avg_deserialize';
create aggregate g(float8) (sfunc = tf, stype = internal, finalfunc = fi, combinefunc = cf, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = tf, stype = internal, finalfunc = fi, combinefunc = cf, serialfunc = int8_avg_serialize, deserialfunc = de);

--- aggregate: initial_value
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, initcond = '0');

--- aggregate: initial_value
create aggregate g(float8) (sfunc = float8pl, stype = float8, initcond = '0');
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, initcond = '1');

--- aggregate: moving_function
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8larger, minvfunc = float8mi, mstype = float8);

--- aggregate: moving_inverse
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8larger, mstype = float8);

--- aggregate: moving_type
create function t8(bigint, float8) returns bigint immutable language sql as 'select 1::bigint';
create function f8(bigint) returns float8 immutable language sql as 'select 1::float8';
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = t8, minvfunc = t8, mstype = bigint, mfinalfunc = f8);

--- aggregate: moving_space
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, msspace = 100);

--- aggregate: moving_final
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, mfinalfunc = float8abs);

--- aggregate: moving_final_modify
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, mfinalfunc = float8abs);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, mfinalfunc = float8abs, mfinalfunc_modify = read_write);

--- aggregate: moving_final_extra
create function ff(float8) returns float8 immutable language sql as 'select 1::float8';
create function ff(float8, float8) returns float8 immutable language sql as 'select 1::float8';
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, mfinalfunc = ff);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, mfinalfunc = ff, mfinalfunc_extra);

--- aggregate: moving_initial_value
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi, mstype = float8, minitcond = '0');

--- aggregate: sort_operator
create aggregate g(float8) (sfunc = float8larger, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8larger, stype = float8, sortop = >);

--- aggregate: parallel
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, parallel = safe);

--- aggregate: parallel
create aggregate g(float8) (sfunc = float8pl, stype = float8, parallel = safe);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, parallel = restricted);

--- aggregate: result
create function fi(float8) returns integer immutable language sql as 'select 1';
create aggregate g(float8) (sfunc = float8pl, stype = float8);
-->
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8pl, stype = float8, finalfunc = fi);

--- aggregate: type
create function fi(internal) returns float8 immutable language internal as 'mode_final';
create function tr(internal, float8) returns internal immutable language internal as 'ordered_set_transition';
create aggregate g(float8) (sfunc = tr, stype = internal, finalfunc = fi);
-->
drop aggregate g(float8);
create aggregate g(order by float8) (sfunc = tr, stype = internal, finalfunc = fi);

--- aggregate: direct_arguments
create function fi(internal, float8, float8) returns float8 immutable language internal as 'percentile_cont_float8_final';
create function fj(internal, float8) returns float8 immutable language internal as 'percentile_cont_float8_final';
create function tr(internal, float8, float8) returns internal immutable language internal as 'ordered_set_transition_multi';
create aggregate g(float8 order by float8, float8) (sfunc = tr, stype = internal, finalfunc = fj);
-->
drop aggregate g(float8 order by float8, float8);
create aggregate g(float8, float8 order by float8) (sfunc = ordered_set_transition, stype = internal, finalfunc = fi);

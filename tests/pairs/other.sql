--- collation: exists
-->
create collation k (locale = 'C');

--- collation: provider
create collation k (provider = libc, locale = 'C');
-->
drop collation k;
create collation k (provider = icu, locale = 'de');

--- collation: lc_collate
create collation k (lc_collate = 'C', lc_ctype = 'POSIX');
-->
drop collation k;
create collation k (lc_collate = 'POSIX', lc_ctype = 'POSIX');

--- collation: lc_ctype
create collation k (lc_collate = 'C', lc_ctype = 'POSIX');
-->
drop collation k;
create collation k (lc_collate = 'C', lc_ctype = 'C');

--- collation: locale since 15
create collation k (provider = icu, locale = 'de');
-->
drop collation k;
create collation k (provider = icu, locale = 'fr');

--- collation: nondeterministic
create collation k (provider = icu, locale = 'de');
-->
drop collation k;
create collation k (provider = icu, locale = 'de', deterministic = false);

--- collation: rules since 16
create collation k (provider = icu, locale = 'de');
-->
drop collation k;
create collation k (provider = icu, locale = 'de', rules = '&a < g');

--- collation: lc_ctype
create collation k (locale = 'C');
-->
drop collation k;
create collation k (provider = icu, locale = 'und');

--- collation: owner
create collation k (locale = 'C');
-->
alter collation k owner to pair_a;

--- collation: comment
create collation k (locale = 'C');
-->
comment on collation k is 'c';

--- conversion: exists
-->
create conversion k for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

--- conversion: source
create conversion k for 'LATIN2' to 'UTF8' from iso8859_to_utf8;
-->
drop conversion k;
create conversion k for 'LATIN3' to 'UTF8' from iso8859_to_utf8;

--- conversion: target
create conversion k for 'UTF8' to 'LATIN2' from utf8_to_iso8859;
-->
drop conversion k;
create conversion k for 'UTF8' to 'LATIN3' from utf8_to_iso8859;

--- conversion: function since 14
create conversion k for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
-->
drop conversion k;
create function utf8_to_own(integer, integer, cstring, internal, integer, boolean) returns integer language c strict as '$libdir/utf8_and_iso8859_1', 'utf8_to_iso8859_1';
create conversion k for 'UTF8' to 'LATIN1' from utf8_to_own;

--- conversion: is_default
create conversion k for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
-->
drop conversion k;
create default conversion k for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;

--- conversion: owner
create conversion k for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
-->
alter conversion k owner to pair_a;

--- conversion: comment
create conversion k for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
-->
comment on conversion k is 'c';

--- cast: exists
create type e as enum ('a');
create type f as enum ('a');
-->
create cast (e as f) with inout;

--- cast: function
create type e as enum ('a');
create function f(e) returns integer immutable language sql as 'select 1';
create function g(e) returns integer immutable language sql as 'select 1';
create cast (e as integer) with function f(e);
-->
drop cast (e as integer);
create cast (e as integer) with function g(e);

--- cast: method
create type e as enum ('a');
create function f(e) returns integer immutable language sql as 'select 1';
create cast (e as integer) with function f(e);
-->
drop cast (e as integer);
create cast (e as integer) with inout;

--- cast: method
create domain d as integer;
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
create cast (b as integer) with inout;
-->
drop cast (b as integer);
create cast (b as integer) without function;

--- cast: context
create type e as enum ('a');
create cast (e as integer) with inout;
-->
drop cast (e as integer);
create cast (e as integer) with inout as assignment;

--- cast: context
create type e as enum ('a');
create cast (e as integer) with inout as assignment;
-->
drop cast (e as integer);
create cast (e as integer) with inout as implicit;

--- cast: comment
create type e as enum ('a');
create cast (e as integer) with inout as assignment;
-->
comment on cast (e as integer) is 'c';

--- transform: exists
create type e as enum ('a');
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
-->
create transform for e language plpgsql (from sql with function from_sql(internal));

--- transform: from_sql
create type e as enum ('a');
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
create function from_sql_2(internal) returns internal immutable language internal as 'hashint4';
create transform for e language plpgsql (from sql with function from_sql(internal));
-->
create or replace transform for e language plpgsql (from sql with function from_sql_2(internal));

--- transform: to_sql
create type e as enum ('a');
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
create function to_sql(internal) returns e immutable language internal as 'hashint4';
create transform for e language plpgsql (from sql with function from_sql(internal));
-->
create or replace transform for e language plpgsql (from sql with function from_sql(internal), to sql with function to_sql(internal));

--- transform: comment
create type e as enum ('a');
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
create transform for e language plpgsql (from sql with function from_sql(internal));
-->
comment on transform for e language plpgsql is 'c';

--- operator: exists
-->
create operator === (leftarg = integer, rightarg = integer, function = int4eq);

--- operator: exists
-->
create operator @#@ (rightarg = integer, function = int4abs);

--- operator: function
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4ne);

--- operator: commutator
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4eq, commutator = ===);

--- operator: negator
create operator !=== (leftarg = integer, rightarg = integer, function = int4ne);
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4eq, negator = !===);

--- operator: exists
-->
create operator === (leftarg = integer, rightarg = integer, function = int4eq, negator = !==!);

--- operator: restrict_function
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
alter operator === (integer, integer) set (restrict = eqsel);

--- operator: join_function
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
alter operator === (integer, integer) set (join = eqjoinsel);

--- operator: hashes
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4eq, hashes);

--- operator: merges
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4eq, merges);

--- operator: owner
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
alter operator === (integer, integer) owner to pair_a;

--- operator: comment
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-->
comment on operator === (integer, integer) is 'c';

--- operator family: exists
-->
create operator family o using btree;

--- operator family: operators
create operator family o using btree;
-->
alter operator family o using btree add operator 1 < (integer, bigint);

--- operator family: functions
create operator family o using btree;
-->
alter operator family o using btree add function 1 (integer, bigint) btint48cmp(integer, bigint);

--- operator family: owner
create operator family o using btree;
-->
alter operator family o using btree owner to pair_a;

--- operator family: comment
create operator family o using btree;
-->
comment on operator family o using btree is 'c';

--- operator class: exists
-->
create operator class o for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);

--- operator class: operators
create operator class o for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
-->
drop operator class o using btree;
drop operator family if exists o using btree;
create operator class o for type integer using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp(integer, integer);

--- operator family: operators since 14
create operator class o for type point using gist as operator 1 <<, function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal), storage box;
-->
drop operator class o using gist;
drop operator family if exists o using gist;
create operator class o for type point using gist as operator 1 <<, operator 15 <-> (point, point) for order by float_ops, function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal), function 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal), storage box;

--- operator class: storage
create operator class o for type point using gist as operator 1 <<, function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal);
-->
drop operator class o using gist;
drop operator family if exists o using gist;
create operator class o for type point using gist as operator 1 <<, function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal), storage box;

--- operator class: functions
create function compare(integer, integer) returns integer immutable language internal as 'btint4cmp';
create operator class o for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
-->
drop operator class o using btree;
drop operator family if exists o using btree;
create operator class o for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 compare(integer, integer);

--- operator class: type
create operator class o for type text using hash as operator 1 =, function 1 hashtext(text);
-->
drop operator class o using hash;
drop operator family if exists o using hash;
create operator class o for type integer using hash as operator 1 =, function 1 hashint4(integer);

--- operator class: is_default
create type e as enum ('a');
create operator class o for type e using hash as operator 1 = (anyenum, anyenum), function 1 (e, e) hashenum(anyenum);
-->
drop operator class o using hash;
drop operator family if exists o using hash;
create type f as enum ('a');
create operator class o default for type f using hash as operator 1 = (anyenum, anyenum), function 1 (f, f) hashenum(anyenum);

--- operator class: family
create operator family other using hash;
create operator family another using hash;
create operator class o for type integer using hash family other as operator 1 =, function 1 hashint4(integer);
-->
drop operator class o using hash;
create operator class o for type integer using hash family another as operator 1 =, function 1 hashint4(integer);

--- operator class: owner
create operator class o for type integer using hash as operator 1 =, function 1 hashint4(integer);
-->
alter operator class o using hash owner to pair_a;

--- operator class: comment
create operator class o for type integer using hash as operator 1 =, function 1 hashint4(integer);
-->
comment on operator class o using hash is 'c';

--- text search parser: exists
-->
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);

--- text search parser: headline
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
drop text search parser p;
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);

--- text search parser: start
create function f(internal, integer) returns internal language internal strict as 'prsd_start';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
drop text search parser p;
create text search parser p (start = f, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);

--- text search parser: token
create function f(internal, internal, internal) returns internal language internal strict as 'prsd_nexttoken';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
drop text search parser p;
create text search parser p (start = prsd_start, gettoken = f, end = prsd_end, lextypes = prsd_lextype);

--- text search parser: end
create function f(internal) returns void language internal strict as 'prsd_end';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
drop text search parser p;
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = f, lextypes = prsd_lextype);

--- text search parser: lextypes
create function f(internal) returns internal language internal strict as 'prsd_lextype';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
drop text search parser p;
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = f);

--- text search parser: comment
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-->
comment on text search parser p is 'c';

--- text search template: exists
-->
create text search template p (lexize = dsimple_lexize, init = dsimple_init);

--- text search template: init
create text search template p (lexize = dsimple_lexize);
-->
drop text search template p;
create text search template p (lexize = dsimple_lexize, init = dsimple_init);

--- text search template: lexize
create text search template p (lexize = dsimple_lexize);
-->
drop text search template p;
create text search template p (lexize = dsynonym_lexize);

--- text search template: comment
create text search template p (lexize = dsimple_lexize);
-->
comment on text search template p is 'c';

--- text search dictionary: exists
-->
create text search dictionary y (template = simple);

--- text search dictionary: template
create text search template p (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary y (template = simple);
-->
drop text search dictionary y;
create text search dictionary y (template = p);

--- text search dictionary: options
create text search dictionary y (template = simple);
-->
alter text search dictionary y (accept = false);

--- text search dictionary: owner
create text search dictionary y (template = simple);
-->
alter text search dictionary y owner to pair_a;

--- text search dictionary: comment
create text search dictionary y (template = simple);
-->
comment on text search dictionary y is 'c';

--- text search configuration: exists
-->
create text search configuration c (copy = simple);

--- text search configuration: parser
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration c (parser = "default");
-->
drop text search configuration c;
create text search configuration c (parser = p);

--- text search configuration: mappings
create text search configuration c (copy = simple);
-->
alter text search configuration c alter mapping for asciiword with english_stem, simple;

--- text search configuration: mappings
create text search configuration c (copy = simple);
-->
alter text search configuration c drop mapping for email;

--- text search configuration: owner
create text search configuration c (copy = simple);
-->
alter text search configuration c owner to pair_a;

--- text search configuration: comment
create text search configuration c (copy = simple);
-->
comment on text search configuration c is 'c';

--- foreign-data wrapper: exists
-->
create foreign data wrapper pair_fdw_1;

--- foreign-data wrapper: handler
create function f() returns fdw_handler language internal as 'int4pl';
create foreign data wrapper pair_fdw_2;
-->
alter foreign data wrapper pair_fdw_2 handler f;

--- foreign-data wrapper: validator
create foreign data wrapper pair_fdw_3;
-->
alter foreign data wrapper pair_fdw_3 validator postgresql_fdw_validator;

--- foreign-data wrapper: options
create foreign data wrapper pair_fdw_4 options (b '1');
-->
alter foreign data wrapper pair_fdw_4 options (add a '2');

--- foreign-data wrapper: owner
create foreign data wrapper pair_fdw_5;
-->
alter foreign data wrapper pair_fdw_5 owner to pair_super;

--- foreign-data wrapper: grants
create foreign data wrapper pair_fdw_6;
-->
grant usage on foreign data wrapper pair_fdw_6 to pair_a;

--- foreign-data wrapper: comment
create foreign data wrapper pair_fdw_7;
-->
comment on foreign data wrapper pair_fdw_7 is 'c';

--- server: exists
create foreign data wrapper pair_fdw_8;
-->
create server pair_server_1 foreign data wrapper pair_fdw_8;

--- server: wrapper
create foreign data wrapper pair_fdw_9;
create foreign data wrapper pair_fdw_10;
create server pair_server_2 foreign data wrapper pair_fdw_9;
-->
drop server pair_server_2;
create server pair_server_2 foreign data wrapper pair_fdw_10;

--- server: type
create foreign data wrapper pair_fdw_11;
create server pair_server_3 type 'a' foreign data wrapper pair_fdw_11;
-->
drop server pair_server_3;
create server pair_server_3 type 'b' foreign data wrapper pair_fdw_11;

--- server: version
create foreign data wrapper pair_fdw_12;
create server pair_server_4 foreign data wrapper pair_fdw_12;
-->
alter server pair_server_4 version '2';

--- server: options
create foreign data wrapper pair_fdw_13;
create server pair_server_5 foreign data wrapper pair_fdw_13 options (host 'a');
-->
alter server pair_server_5 options (set host 'b');

--- server: owner
create foreign data wrapper pair_fdw_14;
create server pair_server_6 foreign data wrapper pair_fdw_14;
grant usage on foreign data wrapper pair_fdw_14 to pair_a;
-->
alter server pair_server_6 owner to pair_a;

--- server: grants
create foreign data wrapper pair_fdw_15;
create server pair_server_7 foreign data wrapper pair_fdw_15;
-->
grant usage on foreign server pair_server_7 to pair_a;

--- server: comment
create foreign data wrapper pair_fdw_16;
create server pair_server_8 foreign data wrapper pair_fdw_16;
-->
comment on server pair_server_8 is 'c';

--- user mapping: exists unmodelled
create foreign data wrapper pair_fdw_17;
create server pair_server_9 foreign data wrapper pair_fdw_17;
-->
create user mapping for pair_a server pair_server_9 options (user 'x', password 'y');

--- user mapping: exists
create foreign data wrapper pair_fdw_18;
create server pair_server_10 foreign data wrapper pair_fdw_18;
-->
create user mapping for public server pair_server_10;

--- user mapping: options unmodelled
create foreign data wrapper pair_fdw_19;
create server pair_server_11 foreign data wrapper pair_fdw_19;
create user mapping for pair_a server pair_server_11 options (user 'x', password 'y');
-->
alter user mapping for pair_a server pair_server_11 options (set password 'z');

--- publication: exists
-->
create publication pair_pub_1;

--- publication: all_tables
create publication pair_pub_2;
-->
drop publication pair_pub_2;
create publication pair_pub_2 for all tables;

--- publication: publishes
create publication pair_pub_3;
-->
alter publication pair_pub_3 set (publish = 'insert, truncate');

--- publication: via_root since 13
create publication pair_pub_4;
-->
alter publication pair_pub_4 set (publish_via_partition_root = true);

--- publication: generated_columns since 18
create publication pair_pub_5;
-->
alter publication pair_pub_5 set (publish_generated_columns = stored);

--- publication: owner
create publication pair_pub_6;
do $$ begin execute format('grant create on database %I to pair_a', current_database()); end $$;
-->
alter publication pair_pub_6 owner to pair_a;

--- publication: comment
create publication pair_pub_7;
-->
comment on publication pair_pub_7 is 'c';

--- publication table: exists
create table t (a integer primary key);
create publication pair_pub_8;
-->
alter publication pair_pub_8 add table t;

--- publication table: columns since 15
create table t (a integer primary key, b integer);
create publication pair_pub_9 for table t;
-->
alter publication pair_pub_9 set table t (a);

--- publication table: where since 15
create table t (a integer primary key, b integer);
create publication pair_pub_10 for table t where (a > 0);
-->
alter publication pair_pub_10 set table t where (a > 1);

--- publication schema: exists since 15
create schema pair_schema_14;
create publication pair_pub_11;
-->
alter publication pair_pub_11 add tables in schema pair_schema_14;

--- subscription: exists unmodelled
-->
create subscription pair_sub_1 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);

--- subscription: publications
create subscription pair_sub_2 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_2 set publication a, b with (refresh = false);

--- subscription: slot
create subscription pair_sub_3 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_3 set (slot_name = 'pair_slot');

--- subscription: synchronous_commit since 14
create subscription pair_sub_4 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_4 set (synchronous_commit = local);

--- subscription: binary since 14
create subscription pair_sub_5 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_5 set (binary = true);

--- subscription: streaming since 14
create subscription pair_sub_6 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none, streaming = false);
-->
alter subscription pair_sub_6 set (streaming = true);

--- subscription: streaming since 16
create subscription pair_sub_7 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none, streaming = on);
-->
alter subscription pair_sub_7 set (streaming = parallel);

--- subscription: two_phase since 15 unmodelled
create subscription pair_sub_8 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
drop subscription pair_sub_8;
create subscription pair_sub_8 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none, two_phase = true);

--- subscription: disable_on_error since 15
create subscription pair_sub_9 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_9 set (disable_on_error = true);

--- subscription: password_not_required since 16
create subscription pair_sub_10 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_10 set (password_required = false);

--- subscription: run_as_owner since 16
create subscription pair_sub_11 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_11 set (run_as_owner = true);

--- subscription: origin since 16
create subscription pair_sub_12 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_12 set (origin = none);

--- subscription: failover since 17 unmodelled
create subscription pair_sub_13 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
drop subscription pair_sub_13;
create subscription pair_sub_13 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none, failover = true);

--- subscription: owner since 13
create subscription pair_sub_14 connection 'dbname=nowhere password=x' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_14 owner to pair_super;

--- subscription: comment since 13
create subscription pair_sub_15 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
comment on subscription pair_sub_15 is 'c';

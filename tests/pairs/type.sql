--- enum: exists
-->
create type e as enum ('a', 'b');

--- enum: exists
create type e as enum ('a');
-->
alter type e rename to f;

--- enum: values
create type e as enum ('a', 'b');
-->
alter type e add value 'c';

--- enum: values
create type e as enum ('a', 'b');
-->
alter type e add value 'a2' after 'a';

--- enum: values
create type e as enum ('a', 'b');
-->
alter type e rename value 'b' to 'it''s';

--- enum: values
create type e as enum ();
-->
alter type e add value 'first';

--- enum: values
create type e as enum ('a', 'b', 'c');
create table t (e e default 'a', es e[]);
-->
alter table t alter e drop default;
alter type e rename to e_old;
create type e as enum ('c', 'a');
alter table t alter e type e using e::text::e, alter es type e[] using es::text[]::e[];
alter table t alter e set default 'a';
drop type e_old;

--- enum: owner
create type e as enum ('a');
-->
alter type e owner to pair_a;

--- enum: grants
create type e as enum ('a');
-->
revoke usage on type e from public;

--- enum: comment
create type e as enum ('a');
-->
comment on type e is 'c';

--- domain: exists
-->
create domain d as integer;

--- domain: type
create domain d as numeric(10, 2);
-->
drop domain d;
create domain d as numeric(12, 2);

--- domain: collation
create domain d as text;
-->
drop domain d;
create domain d as text collate "C";

--- domain: not_null
create domain d as text;
-->
alter domain d set not null;

--- domain: default
create domain d as integer;
-->
alter domain d set default 1 + 1;

--- domain: default
create domain d as text default 'a';
-->
alter domain d set default 'b';

--- domain: default
create domain d as text default 'a';
-->
alter domain d drop default;

--- constraint: exists
create domain d as integer;
-->
alter domain d add constraint positive check (value > 0);

--- constraint: definition
create domain d as integer constraint positive check (value > 0);
-->
alter domain d drop constraint positive;
alter domain d add constraint positive check (value > 1);

--- constraint: definition
create domain d as integer;
alter domain d add constraint positive check (value > 0) not valid;
-->
alter domain d validate constraint positive;

--- constraint: exists
create domain d as integer constraint a check (value > 0);
-->
alter domain d rename constraint a to b;

--- constraint: comment
create domain d as integer constraint positive check (value > 0);
-->
comment on constraint positive on domain d is 'c';

--- domain: owner
create domain d as integer;
-->
alter domain d owner to pair_a;

--- domain: grants
create domain d as integer;
-->
grant usage on domain d to pair_a with grant option;

--- domain: comment
create domain d as integer;
-->
comment on domain d is 'c';

--- not null: exists since 17
create domain d as integer;
-->
alter domain d set not null;

--- not null: constraint_name since 17
create domain d as integer constraint must_be not null;
-->
alter domain d rename constraint must_be to has_to_be;

--- composite type: exists
-->
create type c as (a integer, b text);

--- composite type: exists
-->
create type c as ();

--- attribute: exists
create type c as (a integer);
-->
alter type c add attribute b text collate "C";

--- attribute: exists
create type c as (a integer, b text);
-->
alter type c drop attribute b;

--- attribute: exists
create type c as (a integer);
-->
alter type c rename attribute a to z;

--- attribute: type
create type c as (a integer);
-->
alter type c alter attribute a type bigint;

--- attribute: collation
create type c as (a text);
-->
alter type c alter attribute a type text collate "C";

--- attribute: position
create type c as (a text, b text);
-->
drop type c;
create type c as (b text, a text);

--- attribute: comment
create type c as (a text);
-->
comment on column c.a is 'c';

--- composite type: owner
create type c as (a text);
-->
alter type c owner to pair_a;

--- composite type: grants
create type c as (a text);
-->
revoke usage on type c from public;

--- composite type: comment
create type c as (a text);
-->
comment on type c is 'c';

--- range type: exists
-->
create type r as range (subtype = integer);

--- range type: subtype
create type r as range (subtype = float4);
-->
drop type r;
create type r as range (subtype = float8);

--- range type: subtype_opclass
create type r as range (subtype = text);
-->
drop type r;
create type r as range (subtype = text, subtype_opclass = text_pattern_ops);

--- range type: collation
create type r as range (subtype = text);
-->
drop type r;
create type r as range (subtype = text, collation = "C");

--- range type: canonical
create type r;
create function canon(r) returns r immutable language internal as 'int4range_canonical';
create type r as range (subtype = integer);
-->
drop type r cascade;
create type r;
create function canon(r) returns r immutable language internal as 'int4range_canonical';
create type r as range (subtype = integer, canonical = canon);

--- range type: subtype_diff
create type r as range (subtype = float8);
-->
drop type r;
create type r as range (subtype = float8, subtype_diff = float8mi);

--- range type: multirange since 14
create type r as range (subtype = float8);
-->
drop type r;
create type r as range (subtype = float8, multirange_type_name = many);

--- range type: owner
create type r as range (subtype = float8);
-->
alter type r owner to pair_a;

--- range type: grants
create type r as range (subtype = float8);
-->
grant usage on type r to pair_b with grant option;

--- range type: comment
create type r as range (subtype = float8);
-->
comment on type r is 'c';

--- base type: shell
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
-->
create type b (input = b_in, output = b_out, like = integer);

--- base type: exists
-->
create type b;

--- base type: input
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in2, output = b_out, like = integer);

--- base type: output
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out2, like = integer);

--- base type: receive
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, receive = b_recv, like = integer);

--- base type: send
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, send = b_send, like = integer);

--- base type: typmod_in
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, typmod_in = b_tin, like = integer);

--- base type: typmod_out
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, typmod_in = b_tin, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, typmod_in = b_tin, typmod_out = b_tout, like = integer);

--- base type: analyze
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, analyze = b_ana, like = integer);

--- base type: length
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 4, passedbyvalue);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 8, passedbyvalue, alignment = double);

--- base type: by_value
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 4, passedbyvalue);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 4);

--- base type: alignment
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 8);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 8, alignment = double);

--- base type: storage
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = variable);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = variable, storage = extended);

--- base type: category
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer, category = 'N');

--- base type: preferred
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer, category = 'X', preferred = true);

--- base type: delimiter
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer, delimiter = ';');

--- base type: collatable
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = variable);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = variable, collatable = true);

--- base type: element
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 8, alignment = int4);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, internallength = 8, alignment = int4, element = integer);

--- base type: default
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer, default = '7');

--- base type: default
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer);
-->
drop type b cascade;
drop function b_tin, b_tout, b_ana;
drop function if exists b_recv(internal);
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create function b_in2(cstring) returns b immutable strict language internal as 'int4in';
create function b_out2(b) returns cstring immutable strict language internal as 'int4out';
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
create function b_tin(cstring[]) returns integer immutable strict language internal as 'varchartypmodin';
create function b_tout(integer) returns cstring immutable strict language internal as 'varchartypmodout';
create function b_ana(internal) returns boolean strict language internal as 'array_typanalyze';
create type b (input = b_in, output = b_out, like = integer, default = '');

--- base type: subscript since 14
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'byteain';
create function b_out(b) returns cstring immutable strict language internal as 'byteaout';
create type b (input = b_in, output = b_out, internallength = 16, element = integer);
-->
drop type b cascade;
create function b_sub(internal) returns internal immutable strict language internal as 'raw_array_subscript_handler';
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'byteain';
create function b_out(b) returns cstring immutable strict language internal as 'byteaout';
create type b (input = b_in, output = b_out, internallength = 16, element = integer, subscript = b_sub);


--- base type: owner
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
-->
alter type b owner to pair_a;

--- base type: grants
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
-->
revoke usage on type b from public;

--- base type: comment
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
-->
comment on type b is 'c';

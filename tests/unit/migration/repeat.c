#include "migration/repeat.h"

#include "test.h"

#define TEN_COLUMNS "a, b, c, d, e, f, g, h, i, j"
#define SEVENTY_COLUMNS                                                                              \
	TEN_COLUMNS ", " TEN_COLUMNS ", " TEN_COLUMNS ", " TEN_COLUMNS ", " TEN_COLUMNS ", " TEN_COLUMNS \
	            ", " TEN_COLUMNS

TEST(statements_that_are_bound_to_fail_twice_are_found)
{
	static const struct {
		const char *text;
		bool may_run_again;
	} rows[] = {
	    {"create table t (id int);", false},
	    {"create table if not exists t (id int);", true},
	    {"create unlogged table if not exists t (id int);", true},
	    {"CREATE UNIQUE INDEX i ON t (id);", false},
	    {"CREATE UNIQUE INDEX IF NOT EXISTS i ON t (id);", true},
	    {"create view v as select 1;", false},
	    {"create or replace view v as select 1;", true},
	    {"create or replace temporary view v as select 1;", true},
	    {"drop trigger if exists t on x; create trigger t before insert on x execute function f();", true},
	    {"create trigger t before insert on x execute function f();", false},
	    {"create type mood as enum ('a');", false},
	    {"drop type if exists mood; create type mood as enum ('a');", true},
	    {"alter table t add column c int;", false},
	    {"alter table t add column if not exists c int;", true},
	    {"alter table t add constraint c check (true);", false},
	    {"alter table t drop constraint if exists c; alter table t add constraint c check (true);", true},
	    {"alter table t rename to u;", false},
	    {"alter table t alter column c set default 1;", true},
	    {"drop table t;", false},
	    {"drop table if exists t;", true},
	    {"insert into t values (1);", false},
	    {"insert into t values (1) on conflict do nothing;", true},
	    {"insert into t select " SEVENTY_COLUMNS " from s on conflict do nothing;", true},
	    {"insert into t select e'a'\n'\\' on conflict do nothing; ';", false},
	    {"do $$ begin create table t (id int); end $$;", true},
	    {"comment on table t is 'create table';", true},
	    {"update t set n = 1; grant select on t to public;", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		scoped_script struct script script = {0};
		const struct script_options options = {0};
		struct error err = {0};

		CHECK_ROW(i, script_parse(str_of(rows[i].text), "x.sql", &options, &arena, &script, &err));
		CHECK_ROW(i, repeat_check(&script, &err) == rows[i].may_run_again);
	}
}

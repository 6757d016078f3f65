#include "sql/parse.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

/* "a.t:strong p:writes" */
static const char *describe(const struct lock_target_list *list, struct arena *arena)
{
	static const char *const names[] = {"none", "weak", "writes", "strong"};
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < list->count; i++) {
		const struct lock_target *target = &list->items[i];

		buffer_printf(&text, "%s%s%s%s:%s", i ? " " : "", target->schema ? target->schema : "",
		              target->schema ? "." : "", target->name, names[target->strength]);
	}
	return buffer_cstr(&text);
}

TEST(parse_finds_what_a_statement_locks)
{
	static const struct {
		const char *text, *targets;
	} rows[] = {
	    {"select 1", ""},
	    {"insert into t values (1)", ""},
	    {"create table t (a int)", ""},
	    {"grant select on t to x", ""},
	    {"create view v as select * from t", ""},
	    {"create type e as enum ('a')", ""},

	    {"create index on t (a)", "t:writes"},
	    {"create index concurrently on a.t (a)", "a.t:weak"},
	    {"drop index i, a.j", "i:strong a.j:strong"},
	    {"drop index concurrently i", "i:weak"},
	    {"reindex table t", "t:strong"},
	    {"reindex (concurrently) index i", "i:weak"},

	    {"alter table t add column a int", "t:strong"},
	    {"alter table if exists only \"A b\".\"T\" drop column a", "A b.T:strong"},
	    {"alter table t alter a type bigint", "t:strong"},
	    {"alter table t alter a set statistics 5", "t:weak"},
	    {"alter table t validate constraint c", "t:weak"},
	    {"alter table t validate constraint c, alter a set not null", "t:strong"},
	    {"alter table t set (fillfactor = 70)", "t:weak"},
	    {"alter table t cluster on i", "t:weak"},
	    {"alter table t disable trigger all", "t:writes"},
	    {"alter table t enable trigger x", "t:writes"},
	    {"alter table t add constraint c check (a > 0) not valid", "t:strong"},
	    {"alter table t add unique (a)", "t:strong"},
	    {"alter table t add foreign key (a) references s.p (id)", "t:writes s.p:writes"},
	    {"alter table t add column a int references p", "t:strong p:writes"},
	    {"alter table t add foreign key (a) references t", "t:writes"},
	    {"alter table t attach partition p default", "t:weak p:strong"},
	    {"alter table t detach partition p", "t:strong p:strong"},
	    {"alter table t detach partition p concurrently", "t:weak p:strong"},
	    {"alter table t owner to x", "t:strong"},
	    {"alter table t enable row level security", "t:strong"},
	    {"alter table t rename to u", "t:strong"},
	    {"alter table t rename column a to b", "t:strong"},
	    {"alter trigger x on t rename to y", "t:strong"},
	    {"alter index i rename to j", "i:weak"},
	    {"alter table t set schema s", "t:strong"},
	    {"alter type e add value 'x'", ""},
	    {"alter function f() owner to x", ""},

	    {"create table t (a int references p, b int, foreign key (b) references s.q)", "p:writes s.q:writes"},
	    {"create table t partition of p default", "p:strong"},
	    {"create table t () inherits (p, q)", "p:weak q:weak"},
	    {"create table t (like u)", ""},
	    {"drop table t, a.u", "t:strong a.u:strong"},
	    {"drop table if exists d.a.t cascade", "a.t:strong"},
	    {"drop view v", "v:strong"},
	    {"drop schema s cascade", ""},
	    {"truncate t, only u", "t:strong u:strong"},
	    {"create trigger x before insert on t execute function f()", "t:writes"},
	    {"drop trigger x on a.t", "a.t:strong"},
	    {"create rule r as on insert to t do nothing", "t:strong"},
	    {"drop rule r on t", "t:strong"},
	    {"create policy p on t", "t:strong"},
	    {"alter policy p on t using (true)", "t:strong"},
	    {"drop policy p on t", "t:strong"},
	    {"create or replace view v as select 1", "v:strong"},

	    {"vacuum t", "t:weak"},
	    {"vacuum full t", "t:strong"},
	    {"vacuum (full, verbose) t, u", "t:strong u:strong"},
	    {"vacuum", ""},
	    {"analyze t (a)", "t:weak"},
	    {"cluster t", "t:strong"},
	    {"cluster", ""},
	    {"refresh materialized view m", "m:strong"},
	    {"refresh materialized view concurrently m", "m:writes"},
	    {"lock table t, u", "t:strong u:strong"},
	    {"lock t in access share mode", ""},
	    {"lock t in row exclusive mode", ""},
	    {"lock t in share update exclusive mode", "t:weak"},
	    {"lock t in share mode", "t:writes"},
	    {"lock t in exclusive mode", "t:writes"},
	    {"comment on table a.t is 'x'", "a.t:weak"},
	    {"comment on column a.t.c is 'x'", "a.t:weak"},
	    {"comment on function f() is 'x'", ""},
	    {"create statistics s on a, b from t", "t:weak"},
	    {"create publication p for table t", "t:weak"},
	    {"alter sequence s restart", "s:writes"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lock_target_list list = {0};

		CHECK_ROW(i, parse_lock_targets(str_of(rows[i].text), &arena, &list));
		const char *targets = describe(&list, &arena);
		if (strcmp(targets, rows[i].targets) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].text, targets, rows[i].targets);
	}
}

TEST(parse_adds_up_statements)
{
	scoped_arena struct arena arena = {0};
	struct lock_target_list list = {0};

	CHECK(parse_lock_targets(STR("comment on table t is 'x'"), &arena, &list));
	CHECK(parse_lock_targets(STR("alter table t add a int"), &arena, &list));
	CHECK(parse_lock_targets(STR("truncate s.t"), &arena, &list));
	CHECK_STR(describe(&list, &arena), "t:strong s.t:strong");
}

TEST(parse_shrugs_at_what_it_does_not_understand)
{
	static const char *const rows[] = {
	    "alter table t frobnicate",
	    "create",
	    "drop table",
	    "alter table t add constraint c not null a not valid; x",
	    "alter table \xFF add a int",
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lock_target_list list = {0};

		parse_lock_targets(str_of(rows[i]), &arena, &list);
		CHECK_ROW(i, list.count == 0 || i == 4);
	}
}

/* Libpg_query would run out of stack. */
TEST(parse_does_not_dive_into_an_abyss)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct lock_target_list list = {0};

	buffer_text(&text, "create or replace view v as select 1");
	for (int i = 0; i < 300000; i++)
		buffer_text(&text, "+1");
	CHECK(!parse_lock_targets(buffer_str(&text), &arena, &list));
	CHECK(list.count == 0);
}

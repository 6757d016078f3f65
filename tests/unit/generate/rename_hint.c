#include "generate/rename_hint.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

/* "column app.t.a<-b; ..." of what a script says. */
static const char *read_all(const char *sql, struct arena *arena)
{
	scoped_script struct script script = {0};
	struct rename_hints hints = {0};
	struct buffer text = {.arena = arena};
	struct error err = {0};

	if (!script_parse(str_of(sql), "x.sql", NULL, arena, &script, &err) ||
	    !rename_hints_read(&script, arena, &hints, &err))
		return arena_strdup(arena, err.message);
	for (size_t i = 0; i < hints.count; i++) {
		const struct rename_hint *hint = &hints.items[i];

		buffer_printf(&text, "%s%s %s%s%s%s%s<-%s", i ? "; " : "", hint->kind,
		              hint->schema ? hint->schema : "", hint->schema ? "." : "",
		              hint->parent ? hint->parent : "", hint->parent ? "." : "", hint->name, hint->old);
	}
	return text.len ? buffer_cstr(&text) : "";
}

TEST(rename_hints_belong_to_what_they_stand_at)
{
	static const struct {
		const char *sql;
		const char *hints;
	} rows[] = {
	    {"create table t (a int);", ""},
	    {"-- rung: renamed-from u\ncreate table if not exists app.t (a int);", "table app.t<-u"},
	    {"create table t ( -- rung: renamed-from u\n a int);", "table t<-u"},
	    {"create table t (\n a int, -- rung: renamed-from b\n c int);", "column t.a<-b"},
	    {"create table t (\n a int,\n -- rung: renamed-from b\n c int);", "column t.c<-b"},
	    {"create table t (\n a int,\n \"C d\" int -- rung: renamed-from \"B\"\n);", "column t.C d<-B"},
	    {"create table t (a numeric(10, 2), -- rung: renamed-from b\n c int);", "column t.a<-b"},
	    {"create table t (\n a int,\n constraint k check (a in (1, 2)) -- rung: renamed-from l\n);",
	     "constraint t.k<-l"},
	    {"create table t (a int); -- rung: renamed-from u\ncreate table v ();", "table t<-u"},
	    {"create table t (a int);\n-- rung: renamed-from w\ncreate table v ();", "table v<-w"},
	    {"create table t (a int); -- rung: renamed-from u", "table t<-u"},
	    {"create table t (a int); -- rung: renamed-from u\n-- rung: renamed-from w\n", "table t<-u"},
	    {"create type e as enum (\n 'a', -- rung: renamed-from 'it''s'\n 'b'\n);", "value e.a<-it's"},
	    {"create type c as (\n a int -- rung: renamed-from b\n);", "attribute c.a<-b"},
	    {"-- rung: renamed-from f\ncreate or replace function g(a int) returns int language sql as 'select "
	     "1';",
	     "function g<-f"},
	    {"-- rung: renamed-from o\ncreate policy p on app.t using (true);", "policy app.t.p<-o"},
	    {"-- rung: renamed-from o\ncreate rule r as on delete to app.t do nothing;", "rule app.t.r<-o"},
	    {"-- rung: renamed-from o\ncreate trigger g before update of a on app.t execute function f();",
	     "trigger app.t.g<-o"},
	    {"-- rung: renamed-from o\ncreate unique index concurrently i on t (a);", "index i<-o"},
	    {"alter table t add constraint k unique (a); -- rung: renamed-from j\nselect 1;",
	     "constraint t.k<-j"},
	    {"alter table t add column if not exists a int; -- rung: renamed-from b\nselect 1;", "column t.a<-b"},
	    {"-- rung: renamed-from u\nselect 1;", "x.sql:2: \"renamed-from\" is at nothing that has a name"},
	    {"-- rung: renamed-from 1 2\ncreate table t ();", "x.sql:2: \"renamed-from 1 2\" is no name"},
	    {"create table t (a int /* rung: renamed-from b */, c text default '-- rung: renamed-from d');", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(read_all(rows[i].sql, &arena), rows[i].hints);
	}
}

TEST(rename_hint_is_read_from_the_command_line)
{
	scoped_arena struct arena arena = {0};
	struct rename_hints hints = {0};
	struct error err = {0};

	CHECK(rename_hint_parse("table:app.clients=customers", &arena, &hints, &err));
	CHECK(rename_hint_parse("column:app.customers.\"A b\"=full_name", &arena, &hints, &err));
	CHECK_STR(hints.items[0].old, "clients");
	CHECK_STR(hints.items[0].schema, "app");
	CHECK_STR(hints.items[1].parent, "customers");
	CHECK_STR(hints.items[1].old, "A b");
	CHECK_STR(hints.items[1].name, "full_name");
	CHECK(!rename_hint_parse("tabel:clients=customers", &arena, &hints, &err));
	CHECK(!rename_hint_parse("clients=customers", &arena, &hints, &err));
	CHECK(!rename_hint_parse("column:a=b", &arena, &hints, &err));
	CHECK(!rename_hint_parse("table:a", &arena, &hints, &err));
}

static struct object table = {
    .kind = &object_kinds[OBJECT_TABLE], .identity = "app.t", .schema = "app", .name = "t"};

static const char *next(const char *hint, struct object *from, struct object *to, struct arena *arena)
{
	struct catalog before = {.objects = &from, .count = from != NULL};
	struct catalog after = {.objects = &to, .count = to != NULL};
	struct rename_hints hints = {0};
	struct error err = {0};

	struct rename_step step;

	CHECK(rename_hint_parse(hint, arena, &hints, &err));
	return rename_next(&hints, &before, &after, arena, &step)
	           ? arena_printf(arena, "%s; %s", step.sql, step.back)
	           : NULL;
}

TEST(rename_happens_while_the_old_name_is_there)
{
	scoped_arena struct arena arena = {0};
	struct object old = {
	    .kind = &object_kinds[OBJECT_COLUMN], .parent = &table, .identity = "app.t.a", .name = "a"};
	struct object new = {
	    .kind = &object_kinds[OBJECT_COLUMN], .parent = &table, .identity = "app.t.\"B\"", .name = "\"B\""};
	struct object other_kind = {
	    .kind = &object_kinds[OBJECT_INDEX], .identity = "app.a", .schema = "app", .name = "a"};

	CHECK_STR(next("column:app.t.a=\"B\"", &old, &new, &arena),
	          "ALTER TABLE app.t RENAME COLUMN a TO \"B\"; ALTER TABLE app.t RENAME COLUMN \"B\" TO a");
	CHECK(!next("column:app.t.a=\"B\"", &new, &new, &arena));
	CHECK(!next("column:app.t.a=\"B\"", &old, &old, &arena));
	CHECK(!next("column:app.u.a=\"B\"", &old, &new, &arena));
	CHECK(!next("column:other.t.a=\"B\"", &other_kind, &new, &arena));
}

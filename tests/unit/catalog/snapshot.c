#include "catalog/snapshot.h"

#include "test.h"

static struct snapshot snapshot_of(struct arena *arena, const char *dump)
{
	struct error err = {0};
	struct snapshot snapshot = {0};

	CHECK(catalog_read(str_of(dump), arena, &snapshot, &err));
	return snapshot;
}

TEST(snapshots_differ_in_lines)
{
	scoped_arena struct arena arena = {0};
	const struct snapshot before = snapshot_of(&arena, "CREATE TABLE public.users (\n    id integer,\n"
	                                                   "    name text\n);\n");
	const struct snapshot after = snapshot_of(&arena, "CREATE TABLE public.users (\n    id integer,\n"
	                                                  "    name text,\n    mail text\n);\n"
	                                                  "CREATE INDEX users_mail ON public.users (mail);\n");

	CHECK(!catalog_equal(&before, &after));
	CHECK_STR(catalog_difference(&before, &after, &arena),
	          "  CREATE TABLE public.users (\n"
	          "      id integer,\n"
	          "-     name text\n"
	          "+     name text,\n"
	          "+     mail text\n"
	          "  )\n"
	          "+ CREATE INDEX users_mail ON public.users (mail)\n");
	CHECK_STR(catalog_difference(&after, &after, &arena), "");
}

TEST(snapshots_forget_what_is_not_schema)
{
	scoped_arena struct arena arena = {0};
	const struct snapshot bare = snapshot_of(&arena, "CREATE TABLE b ();\nCREATE TABLE a ();\n");
	const struct snapshot dumped = snapshot_of(
	    &arena,
	    "--\n-- PostgreSQL database dump\n--\n\n\\restrict 8fH2\n\n-- Dumped from database version 15.14\n"
	    "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n"
	    "--\n-- Name: a; Type: TABLE\n--\n\nCREATE TABLE a ();\n\nSET default_tablespace = '';\n\n"
	    "CREATE TABLE b ();\n\n\\unrestrict 8fH2\n");

	CHECK(catalog_equal(&bare, &dumped));
}

TEST(snapshots_keep_comments_inside_of_functions)
{
	scoped_arena struct arena arena = {0};
	const struct snapshot one =
	    snapshot_of(&arena, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n-- one\nSET x = 1;\n$$;\n");
	const struct snapshot two =
	    snapshot_of(&arena, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n-- two\nSET x = 1;\n$$;\n");

	CHECK_INT(one.count, 1);
	CHECK_STR(catalog_difference(&one, &two, &arena), "  CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n"
	                                                  "- -- one\n+ -- two\n  SET x = 1;\n");
}

TEST(snapshots_that_differ_in_the_order_of_columns_alone)
{
	scoped_arena struct arena arena = {0};
	const struct snapshot before =
	    snapshot_of(&arena, "CREATE TABLE public.t (\n    a integer,\n    b text\n);\n");
	const struct snapshot moved =
	    snapshot_of(&arena, "CREATE TABLE public.t (\n    b text,\n    a integer\n);\n");
	const struct snapshot other =
	    snapshot_of(&arena, "CREATE TABLE public.t (\n    b text,\n    c integer\n);\n");
	const struct snapshot body = snapshot_of(
	    &arena, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\nselect 1;\nselect 2;\n$$;\n");
	const struct snapshot turned = snapshot_of(
	    &arena, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\nselect 2;\nselect 1;\n$$;\n");

	CHECK(!catalog_equal(&before, &moved));
	CHECK(catalog_is_reordered(&before, &moved));
	CHECK(!catalog_is_reordered(&before, &other));
	CHECK(!catalog_is_reordered(&body, &turned));
}

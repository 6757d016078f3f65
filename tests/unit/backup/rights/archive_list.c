#include "backup/rights/archive_list.h"

#include <string.h>

#include "test.h"

static const struct str list = STR(";\n; Archive created\n;     dbname: app\n;\n"
                                   "3; 3079 16416 EXTENSION - citext \n"
                                   "9; 0 0 COMMENT - EXTENSION citext \n"
                                   "267; 1255 16536 FUNCTION public evil app\n"
                                   "220; 1259 16524 TABLE public users app\n"
                                   "3469; 0 16524 TABLE DATA public users app\n");

static const struct str schema = STR(
    "--\n-- PostgreSQL database dump\n--\n\nSET x = 1;\n\n"
    "--\n-- TOC entry 3 (class 3079 OID 16416)\n-- Name: citext; Type: EXTENSION; Schema: -; Owner: -\n"
    "-- Data Pos: 0\n--\n\nCREATE EXTENSION citext;\n\n\n"
    "--\n-- TOC entry 9 (class 0 OID 0)\n-- Dependencies: 3\n"
    "-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: \n--\n\nCOMMENT ON x;\n\n\n"
    "--\n-- TOC entry 267 (class 1255 OID 16536)\n"
    "-- Name: evil; Type: X; \"name(); Type: FUNCTION; Schema: public; Owner: a; Owner: b\n--\n\n"
    "CREATE FUNCTION evil AS $$\n--\n-- TOC entry 4 (class 1 OID 1)\n-- Name: no; Type: TABLE; Schema: -; "
    "Owner: -\n--\n$$;\n\n\n"
    "--\n-- TOC entry 220 (class 1259 OID 16524)\n-- Dependencies: 3 3 77\n"
    "-- Name: users; Type: TABLE; Schema: public; Owner: app; Tablespace: one\n--\n\nCREATE TABLE t;\n");

TEST(archive_list_reads_what_pg_restore_prints)
{
	scoped_arena struct arena arena = {0};
	const struct archive_list it = archive_list_parse(list, schema, &arena);
	const struct archive_entry *table = archive_list_find(&it, 220);
	const struct archive_entry *function = archive_list_find(&it, 267);

	CHECK_INT(it.id_count, 5);
	CHECK_INT(it.ids[4], 3469);
	CHECK_INT(it.count, 4);
	CHECK(!archive_list_find(&it, 3469) && !archive_list_find(&it, 4));
	CHECK(table && function);
	CHECK_STR(table->owner, "app");
	CHECK_STR(table->schema, "public");
	CHECK_INT(table->depend_count, 3);
	CHECK_INT(table->depends[2], 77);
	CHECK(str_is(table->sql, "\nCREATE TABLE t;\n"));
	CHECK(str_is(function->name, "evil; Type: X; \"name()"));
	CHECK(str_starts(function->sql, "\nCREATE FUNCTION evil AS $$\n--\n-- TOC entry 4 "));
	CHECK(str_ends(function->sql, "$$;\n\n\n"));
	CHECK(!archive_list_find(&it, 3)->owner && !archive_list_find(&it, 9)->owner);
}

/* Of a number that the list has, before the true one: in a body, a literal, a name. */
TEST(archive_list_takes_no_head_out_of_a_statement)
{
	static const char forged[] = "--\n-- TOC entry 220 (class 1259 OID 16524)\n"
	                             "-- Name: no; Type: EXTENSION; Schema: -; Owner: eve\n--\n";
	static const struct {
		const char *escapes, *before, *behind;
	} rows[] = {
	    {"on", "CREATE FUNCTION f() AS $$\n", "$$;\n"},
	    {"on", "CREATE FUNCTION f() AS $_$ $$ \n", "$$ $_$;\n"},
	    {"on", "COMMENT ON TABLE t IS 'a\\';\nCOMMENT ON TABLE t IS 'b\n", "';\n"},
	    {"off", "COMMENT ON TABLE t IS 'a\\'\n", "';\n"},
	    {"on", "COMMENT ON TABLE t IS E'a\\'\n", "';\n"},
	    {"on", "CREATE TABLE \"a\n", "\";\n"},
	    {"on", "CREATE VIEW v AS SELECT 1 /*\n", "*/;\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *text = arena_printf(
		    &arena,
		    "SET standard_conforming_strings = %s;\n\n--\n-- TOC entry 267 (class 1255 OID 16536)\n"
		    "-- Name: f(); Type: FUNCTION; Schema: public; Owner: app\n--\n\n%s%s%s\n\n"
		    "--\n-- TOC entry 220 (class 1259 OID 16524)\n"
		    "-- Name: users; Type: TABLE; Schema: public; Owner: app\n--\n\nCREATE TABLE t;\n",
		    rows[i].escapes, rows[i].before, forged, rows[i].behind);
		const struct archive_list it = archive_list_parse(list, str_of(text), &arena);
		const struct archive_entry *table = archive_list_find(&it, 220);

		CHECK_ROW(i, it.count == 2 && table && table->owner && strcmp(table->owner, "app") == 0);
		CHECK_ROW(i, str_ends(archive_list_find(&it, 267)->sql, "\n\n\n"));
	}
}

/* Whatever the numbers are: nothing is read beyond the end of what there is. */
TEST(archive_list_takes_what_is_cut_anywhere)
{
	for (size_t len = 0; len <= schema.len; len++) {
		scoped_arena struct arena arena = {0};
		const struct archive_list it = archive_list_parse(list, str_slice(schema, 0, len), &arena);

		CHECK(it.count <= 4);
	}
	for (size_t len = 0; len <= list.len; len++) {
		scoped_arena struct arena arena = {0};
		const struct archive_list it = archive_list_parse(str_slice(list, 0, len), schema, &arena);

		CHECK(it.id_count <= 5 && it.count <= it.id_count);
	}
}

/*
 * scratchtool.c - scratch databases without a verb around them
 *
 *	scratchtool like URL...     for each: makes a database on its server that stores text as it does, prints
 *	                            "NAME: the same" or what pg_database says of both, and drops it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scratch/scratch_database.h"
#include "pg/query.h"

static void must(bool ok, const struct error *err)
{
	if (ok)
		return;
	fprintf(stderr, "scratchtool: %s %s\n", err->message, err->detail);
	exit(2);
}

/* Without what belongs to one database alone. */
static const char facts[] =
    "select pg_catalog.to_jsonb(d)::pg_catalog.jsonb - array['oid', 'datname', 'datfrozenxid', 'datminmxid', "
    "'datcollversion'] from pg_catalog.pg_database d where d.datname = $1";

static char *facts_of(struct session *db, const char *name, struct arena *arena)
{
	scoped_rows struct rows *rows = NULL;
	struct error err = {0};

	must(query_row(db, facts, PARAMS(name), &rows, &err), &err);
	return rows_copy(rows, 0, ONLY_COLUMN, arena);
}

static void like(const struct context *context, const char *url)
{
	scoped_session struct session *db = NULL;
	scoped_session struct session *beside = NULL;
	const struct session_options options = {.conninfo = url, .application_name = "scratchtool"};
	struct scratch_server server = {.context = context, .address = url, .stem = "rung_scratch_tool"};
	scoped_scratch_database struct scratch_database database = {0};
	struct scratch_likeness likeness;
	struct error err = {0};

	must(session_open(&options, &db, &err) && session_open(&options, &beside, &err), &err);
	server.beside = beside;
	must(scratch_likeness_load(db, context->arena, &likeness, &err) &&
	         scratch_database_init(&database, &server, &err) &&
	         scratch_database_create(&database, &likeness, &err),
	     &err);
	const char *before = facts_of(db, session_database(db), context->arena);
	const char *after = facts_of(db, database.name, context->arena);
	if (strcmp(before, after) == 0)
		printf("%s: the same\n", session_database(db));
	else
		printf("%s: %s\nbecame %s\n", session_database(db), before, after);
	must(scratch_database_drop(&database, &err), &err);
}

int main(int argc, char **argv)
{
	scoped_arena struct arena arena = {0};
	const struct context context = {.arena = &arena};

	if (argc < 3 || strcmp(argv[1], "like") != 0) {
		fprintf(stderr, "usage: scratchtool like URL...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		like(&context, argv[i]);
	return 0;
}

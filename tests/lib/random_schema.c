/*
 * random_schema.c - a schema of all sorts of things, by a seed
 *
 *	random_schema SEED SIZE            statements, to be run by psql
 *	random_schema SEED SIZE ORDER      the same schema, made in another order: within what does not depend on
 *	                                   each other things are shuffled; other numbers, and dropped columns
 *
 * What is random of the schema comes from SEED alone, before anything is shuffled.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STATEMENTS = 20000, MOST_COLUMNS = 12, MOST_TABLES = 400, LAYERS = 16 };

struct statement {
	int layer;
	char *text;
};

struct column {
	const char *type;
	char name[24];
};

struct table {
	char name[64];
	struct column columns[MOST_COLUMNS];
	int count;
};

static struct statement statements[MOST_STATEMENTS];
static size_t statement_count;
static struct table tables[MOST_TABLES];
static int table_count;
static uint64_t state;
static bool is_shuffled;

static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * UINT64_C(0x2545F4914F6CDD1D) >> 16;
}

static int below(int n)
{
	return (int)(next_random() % (uint64_t)n);
}

static bool one_in(int n)
{
	return below(n) == 0;
}

__attribute__((format(printf, 2, 3))) static void emit(int layer, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0 || statement_count == MOST_STATEMENTS)
		abort();
	va_end(args);
	statements[statement_count++] = (struct statement){layer, text};
}

#define PICK(list) ((list)[below((int)(sizeof(list) / sizeof(*(list))))])

static const char *const types[] = {
    "integer",  "bigint",  "text",      "varchar(20)", "numeric(10,2)", "boolean",      "timestamptz",
    "date",     "jsonb",   "uuid",      "s0.mood",     "s0.positive",   "integer[]",    "bytea",
    "interval", "s1.pair", "s0.mood[]", "tsvector",    "int4range",     "character(3)",
};

/* A condition on a column, as PostgreSQL will print it in its own way. */
static void condition(char *out, size_t size, const struct column *column)
{
	static const char *const integers[] = {"%s > 0",      "%s in (1, 2, 3)",         "%s between 1 and 9",
	                                       "%s %% 2 = 0", "%s <> all (array[1, 2])", "coalesce(%s, 0) >= -1"};
	static const char *const texts[] = {"%s in ('a', 'b')",
	                                    "%s <> ''",
	                                    "length(%s) > 2",
	                                    "%s like 'a%%%%'",
	                                    "%s ~ '^[a-z]+$'",
	                                    "lower(%s) = %s",
	                                    "%s not in ('it''s', 'x]')",
	                                    "trim(%s) is not null",
	                                    "%s || 'x' <> 'y'"};
	static const char *const others[] = {"%s is not null", "%s is null or true", "(%s)::text <> 'x'"};
	const char *format =
	    strstr(column->type, "integer") == column->type && !strchr(column->type, '[')   ? PICK(integers)
	    : strcmp(column->type, "text") == 0 || strncmp(column->type, "varchar", 7) == 0 ? PICK(texts)
	                                                                                    : PICK(others);

	/* At most two names; what is left over does no harm. */
	char *at = out;
	for (const char *c = format; *c && at < out + size - 64; c++) {
		if (c[0] == '%' && c[1] == 's')
			at += sprintf(at, "%s", column->name), c++;
		else if (c[0] == '%' && c[1] == '%')
			*at++ = '%', c++;
		else
			*at++ = *c;
	}
	*at = '\0';
}

static const char *default_of(const char *type)
{
	static const char *const rows[][2] = {
	    {"integer", "1 + 2"},
	    {"bigint", "-7"},
	    {"text", "'it''s'"},
	    {"varchar(20)", "'a' || 'b'"},
	    {"numeric(10,2)", "1.50"},
	    {"boolean", "not false"},
	    {"timestamptz", "now() - interval '1 day'"},
	    {"date", "'2020-02-29'"},
	    {"jsonb", "'{\"a\": [1]}'"},
	    {"s0.mood", "'ok'"},
	    {"integer[]", "'{1,2}'"},
	    {"bytea", "'\\x00ff'"},
	    {"interval", "'1 day 02:03:04'"},
	    {"s0.positive", "s0.one()"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i][0], type) == 0)
			return rows[i][1];
	return "null";
}

static void make_columns(struct table *table)
{
	char text[4096];
	int len = 0;

	if (is_shuffled)
		len += sprintf(text + len, "junk integer, ");
	for (int i = 0; i < table->count; i++) {
		struct column *column = &table->columns[i];

		column->type = PICK(types);
		sprintf(column->name, one_in(12) ? "\"C %d\"" : "c%d", i);
		len += sprintf(text + len, "%s%s %s%s", i ? ", " : "", column->name, column->type,
		               one_in(4) ? " not null" : "");
	}
	emit(4, "create%s table %s (%s)", one_in(15) ? " unlogged" : "", table->name, text);
	if (is_shuffled)
		emit(5, "alter table %s drop column junk", table->name);
}

static void make_table(int number)
{
	struct table *table = &tables[table_count++];
	const bool has_key = !one_in(5);
	char text[512];

	sprintf(table->name, one_in(12) ? "s%d.\"T %d\"" : "s%d.t%d", below(4), number);
	table->count = 1 + below(MOST_COLUMNS - 1);
	make_columns(table);
	if (has_key)
		emit(6,
		     "alter table %s add column id bigint generated %s as identity, add constraint pk%d primary key "
		     "(id)",
		     table->name, one_in(2) ? "always" : "by default", number);
	for (int i = 0; i < table->count; i++) {
		struct column *column = &table->columns[i];

		condition(text, sizeof(text), column);
		const bool is_partial = i % 2 && !strstr(text, "::text"); /* which is stable of some types */
		if (one_in(3))
			emit(7, "alter table %s alter %s set default %s", table->name, column->name,
			     default_of(column->type));
		if (one_in(4))
			emit(7, "alter table %s add constraint ck%d_%d check (%s)%s", table->name, number, i, text,
			     one_in(4) ? " not valid" : "");
		if (one_in(5) && strcmp(column->type, "s1.pair") != 0 && strcmp(column->type, "jsonb") != 0)
			emit(8, "create index ix%d_%d on %s (%s%s)%s%s", number, i, table->name, column->name,
			     one_in(4) ? " desc" : "", is_partial ? " where " : "", is_partial ? text : "");
		if (one_in(6))
			emit(12, "comment on column %s.%s is 'column %d of %s'", table->name, column->name, i, "it''s");
		if (one_in(8))
			emit(12, "grant select (%s), update (%s) on %s to pair_a", column->name, column->name,
			     table->name);
		if (one_in(10))
			emit(12, "alter table %s alter %s set statistics %d", table->name, column->name, below(500));
	}
}

static void make_relations_of(int number)
{
	const struct table *table = &tables[number];
	const struct column *column = &table->columns[below(table->count)];
	char text[512];

	condition(text, sizeof(text), column);
	if (one_in(2))
		emit(9, "create view s%d.v%d as select * from %s where %s", below(4), number, table->name, text);
	if (one_in(6))
		emit(9,
		     "create materialized view s%d.m%d as select count(*) as n, max(t.%s::text) as m from %s t group "
		     "by %s",
		     below(4), number, column->name, table->name, column->name);
	if (one_in(4))
		emit(10,
		     "create trigger tg%d before insert or update of %s on %s for each row when (%s) execute "
		     "function s0.touch('%d')",
		     number, column->name, table->name, "new is not null", number);
	if (one_in(5)) {
		emit(10, "alter table %s enable row level security", table->name);
		emit(11, "create policy po%d on %s for select to pair_a using (%s)", number, table->name, text);
	}
	if (one_in(3))
		emit(12, "grant select, insert on %s to pair_a", table->name);
	if (one_in(6))
		emit(12, "comment on table %s is 'table %d'", table->name, number);
	if (one_in(8))
		emit(12, "alter table %s owner to pair_a", table->name);
	if (table->count > 1 && one_in(6) && strcmp(table->columns[0].type, "jsonb") != 0)
		emit(11, "create statistics s0.st%d (ndistinct) on %s, %s from %s", number, table->columns[0].name,
		     table->columns[1].name, table->name);
}

static void make_functions(int size)
{
	for (int i = 0; i < size; i++) {
		const char *type = PICK(types);

		if (one_in(3))
			emit(3,
			     "create function s%d.f%d(a %s, b integer default %d) returns integer %s language plpgsql as "
			     "$$ begin "
			     "return %d; end $$",
			     below(4), i, type, i, one_in(2) ? "stable" : "immutable strict", i);
		else
			emit(3, "create function s%d.f%d(%s) returns setof %s language sql as 'select null::%s'",
			     below(4), i, type, type, type);
		if (one_in(4))
			emit(3, "create sequence s%d.q%d start %d increment %d", below(4), i, 1 + below(9), 1 + below(9));
	}
}

/* Partitions, children, and what they have of their parents. */
static void make_families(int size)
{
	for (int i = 0; i < size; i++) {
		const int schema = below(4);
		const bool is_hash = one_in(2);

		emit(4,
		     "create table s%d.p%d (k integer not null, v text default 'x', w bigint, check (w > %d)) "
		     "partition by %s (k)",
		     schema, i, i, is_hash ? "hash" : "range");
		for (int part = 0; part < 2; part++)
			if (is_hash)
				emit(5,
				     "create table s%d.p%d_%d partition of s%d.p%d for values with (modulus 2, remainder %d)",
				     below(4), i, part, schema, i, part);
			else
				emit(5, "create table s%d.p%d_%d partition of s%d.p%d for values from (%d) to (%d)", below(4),
				     i, part, schema, i, part * 10, part * 10 + 10);
		if (one_in(2))
			emit(8, "alter table s%d.p%d add constraint pp%d unique (k)", schema, i, i);
		if (one_in(2))
			emit(8, "create index pi%d on s%d.p%d (v)", i, schema, i);
		if (one_in(3))
			emit(10, "create trigger pt%d after insert on s%d.p%d for each row execute function s0.touch()",
			     i, schema, i);
		if (one_in(3))
			emit(14, "alter table s%d.p%d add constraint pf%d foreign key (w) references s0.hub", schema, i,
			     i);
		emit(4, "create table s%d.a%d (k integer, v text constraint ac%d check (v <> ''))", schema, i, i);
		emit(5, "create table s%d.b%d (own date) inherits (s%d.a%d)", below(4), i, schema, i);
		if (one_in(2))
			emit(10, "create rule ru%d as on insert to s%d.a%d where new.k > %d do also select %d", i, schema,
			     i, i, i);
		if (one_in(3))
			emit(12, "create publication pu%d for table s%d.a%d", i, schema, i);
	}
}

static void make_schema(int size)
{
	for (int i = 0; i < 4; i++)
		emit(0, "create schema s%d", i);
	emit(1, "create type s0.mood as enum ('sad', 'ok', 'happy')");
	emit(1, "create function s0.one() returns integer immutable language sql as 'select 1'");
	emit(1, "create function s0.touch() returns trigger language plpgsql as 'begin return new; end'");
	emit(2, "create domain s0.positive as integer default 1 check (value > 0)");
	emit(2, "create type s1.pair as (a integer, b text)");
	for (int i = 0; i < 4; i++)
		emit(2, "grant usage, create on schema s%d to pair_a", i);
	make_functions(size / 3);
	make_families(size / 6);
	for (int i = 0; i < size && i < MOST_TABLES; i++)
		make_table(i);
	for (int i = 0; i < table_count; i++)
		make_relations_of(i);
	for (int i = 0; i + 1 < table_count; i += 3) {
		emit(13, "alter table %s add column up bigint", tables[i].name);
		emit(14, "alter table %s add constraint fk%d foreign key (up) references s0.hub on delete cascade",
		     tables[i].name, i);
	}
	emit(4, "create table s0.hub (id bigint primary key)");
}

static int compare_layers(const void *a, const void *b)
{
	const struct statement *left = a;
	const struct statement *right = b;

	return left->layer - right->layer;
}

/* A column that comes later has another place: which is of no account. */
static void shuffle(void)
{
	for (size_t i = statement_count; i > 1; i--) {
		const size_t j = (size_t)below((int)i);
		const struct statement swapped = statements[i - 1];

		statements[i - 1] = statements[j];
		statements[j] = swapped;
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return fprintf(stderr, "usage: random_schema SEED SIZE [ORDER]\n"), 2;
	is_shuffled = argc > 3;
	state = strtoull(argv[1], NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) + 1;
	for (int i = 0; i < 10; i++)
		next_random();
	make_schema(atoi(argv[2]));
	if (is_shuffled) {
		state = strtoull(argv[3], NULL, 10) * UINT64_C(0xC2B2AE3D27D4EB4F) + 1;
		shuffle();
		printf("create table public.gone (a integer primary key, b text); drop table public.gone;\n");
	}
	/* qsort is no stable sort, but statements of one layer may come in any order. */
	qsort(statements, statement_count, sizeof(*statements), compare_layers);
	for (size_t i = 0; i < statement_count; i++)
		printf("%s;\n", statements[i].text);
	return 0;
}

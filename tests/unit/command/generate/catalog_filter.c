#include "command/generate/catalog_filter.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

/* Two schemas, one of them in quotes; a table with a column and its sequence; partitions; what is in none. */
static struct object public_schema = {
    .kind = &object_kinds[OBJECT_SCHEMA], .identity = "public", .name = "public"};
static struct object odd_schema = {
    .kind = &object_kinds[OBJECT_SCHEMA], .identity = "\"Odd\"", .name = "\"Odd\""};
static struct object queue_schema = {.kind = &object_kinds[OBJECT_SCHEMA], .identity = "q", .name = "q"};
static const struct attribute in_q[] = {{"installed_in", "q"}};
static struct object extension = {.kind = &object_kinds[OBJECT_EXTENSION],
                                  .identity = "pgmq",
                                  .name = "pgmq",
                                  .attributes = in_q,
                                  .attribute_count = 1};
static struct object sequence;
static struct object table = {
    .kind = &object_kinds[OBJECT_TABLE], .identity = "\"Odd\".t", .schema = "\"Odd\"", .name = "t"};
static struct object column = {
    .kind = &object_kinds[OBJECT_COLUMN], .identity = "\"Odd\".t.a", .name = "a", .parent = &table};
static struct dependency needs[] = {{&column, 'a'}};
static struct object sequence = {.kind = &object_kinds[OBJECT_SEQUENCE],
                                 .identity = "public.t_a_seq",
                                 .schema = "public",
                                 .name = "t_a_seq",
                                 .needs = needs,
                                 .need_count = 1};
static struct object parts = {
    .kind = &object_kinds[OBJECT_TABLE], .identity = "public.parts", .schema = "public", .name = "parts"};
static const struct attribute of_parts[] = {{"inherits", "public.parts"}, {"partition_bound", "DEFAULT"}};
static struct object part = {.kind = &object_kinds[OBJECT_TABLE],
                             .identity = "public.parts_1",
                             .schema = "public",
                             .name = "parts_1",
                             .attributes = of_parts,
                             .attribute_count = 2};
static struct object queue = {
    .kind = &object_kinds[OBJECT_TABLE], .identity = "q.mail", .schema = "q", .name = "mail"};
static struct object job = {
    .kind = &object_kinds[OBJECT_TABLE], .identity = "cron.job", .schema = "cron", .name = "job"};

/* In canonical order. */
static struct object *const objects[] = {&odd_schema, &public_schema, &queue_schema, &extension,
                                         &sequence,   &table,         &job,          &parts,
                                         &part,       &queue,         &column};

static const char *chosen(const struct catalog_filter_options *options, struct arena *arena,
                          struct name_list *left_alone)
{
	struct object *copies[sizeof(objects) / sizeof(*objects)];
	struct catalog catalog = {.objects = copies, .count = sizeof(objects) / sizeof(*objects)};
	scoped_catalog_filter struct catalog_filter filter = {0};
	struct buffer text = {.arena = arena};
	struct error err;

	memcpy(copies, objects, sizeof(objects));
	CHECK(catalog_filter_open(options, arena, &filter, &err));
	catalog_filter_apply(&filter, arena, &catalog, left_alone);
	for (size_t i = 0; i < catalog.count; i++)
		buffer_printf(&text, "%s%s", i ? " " : "", catalog.objects[i]->identity);
	return buffer_cstr(&text);
}

TEST(filters_choose_by_patterns_of_pg_dump)
{
	static const struct {
		struct catalog_filter_options options;
		const char *chosen;
	} rows[] = {
	    {{0}, "\"Odd\" public pgmq public.t_a_seq \"Odd\".t public.parts public.parts_1 \"Odd\".t.a"},
	    {{.schemas = "\"Odd\""}, "\"Odd\" \"Odd\".t \"Odd\".t.a"},
	    {{.schemas = "odd"}, ""},
	    {{.schemas = "nothing, p*"}, "public public.parts public.parts_1"},
	    {{.exclude_schemas = "\"Odd\""}, "public pgmq public.parts public.parts_1"},
	    {{.exclude = "t"}, "\"Odd\" public pgmq public.parts public.parts_1"},
	    {{.exclude = "public.t"},
	     "\"Odd\" public pgmq public.t_a_seq \"Odd\".t public.parts public.parts_1 \"Odd\".t.a"},
	    {{.exclude = "\"Odd\".*,parts*"}, "\"Odd\" public pgmq"},
	    {{.ignore_partitions = "parts"},
	     "\"Odd\" public pgmq public.t_a_seq \"Odd\".t public.parts \"Odd\".t.a"},
	    {{.ignore_partitions = "other.parts"},
	     "\"Odd\" public pgmq public.t_a_seq \"Odd\".t public.parts public.parts_1 \"Odd\".t.a"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct name_list left_alone = {0};

		CHECK_STR(chosen(&rows[i].options, &arena, &left_alone), rows[i].chosen);
	}
}

TEST(schemas_of_extensions_are_left_alone_and_named)
{
	scoped_arena struct arena arena = {0};
	struct name_list left_alone = {0};

	(void)chosen(&(struct catalog_filter_options){0}, &arena, &left_alone);
	CHECK_INT(left_alone.count, 2);
	CHECK_STR(left_alone.items[0], "cron");
	CHECK_STR(left_alone.items[1], "q");
}

TEST(a_pattern_that_is_none_is_refused)
{
	scoped_arena struct arena arena = {0};
	scoped_catalog_filter struct catalog_filter filter = {0};
	struct error err;

	CHECK(!catalog_filter_open(&(struct catalog_filter_options){.exclude = "a,(b"}, &arena, &filter, &err));
	CHECK(err.kind == ERROR_USAGE && strstr(err.message, "\"(b\""));
}

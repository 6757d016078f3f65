#include "catalog/changes_text.h"

#include "test.h"

/* A table with a column, which has a default, and an index. */
struct side {
	struct object table;
	struct object column;
	struct object value;
	struct object index;
	struct object function;
	struct object *objects[5];
	struct catalog catalog;
};

static const struct attribute integer[] = {{"position", "1"}, {"type", "integer"}};
static const struct attribute bigint[] = {{"position", "1"}, {"type", "bigint"}};
static const struct attribute moved[] = {{"position", "3"}, {"type", "integer"}};
static const struct attribute one[] = {{"body", "begin\n  return 1;\nend"}};
static const struct attribute two[] = {{"body", "begin\n  return 2;\nend"}};

static void make(struct side *side, const struct attribute *type, const struct attribute *body)
{
	side->table = (struct object){
	    .kind = &object_kinds[OBJECT_TABLE], .identity = "app.t", .first_child = &side->column};
	side->column = (struct object){.kind = &object_kinds[OBJECT_COLUMN],
	                               .identity = "app.t.c",
	                               .name = "c",
	                               .parent = &side->table,
	                               .first_child = &side->value,
	                               .next_sibling = &side->index,
	                               .attributes = type,
	                               .attribute_count = 2};
	side->value = (struct object){.kind = &object_kinds[OBJECT_DEFAULT],
	                              .identity = "app.t.c",
	                              .parent = &side->column,
	                              .definition = "0"};
	side->index = (struct object){.kind = &object_kinds[OBJECT_INDEX],
	                              .identity = "app.t_c_idx",
	                              .parent = &side->table,
	                              .definition = "USING btree (c)"};
	side->function = (struct object){.kind = &object_kinds[OBJECT_FUNCTION],
	                                 .identity = "app.f(integer)",
	                                 .attributes = body,
	                                 .attribute_count = 1};
	struct object *const objects[] = {&side->function, &side->table, &side->column, &side->value,
	                                  &side->index};
	memcpy(side->objects, objects, sizeof(objects));
	side->catalog = (struct catalog){.objects = side->objects, .count = 5, .self = "me"};
}

static const char *text_of(const struct side *before, const struct side *after, int parts, size_t most,
                           struct arena *arena)
{
	struct catalog_changes changes;
	struct buffer text = {.arena = arena};

	catalog_compare(&before->catalog, &after->catalog, parts, arena, &changes);
	changes_text(&changes, most, &text);
	return buffer_cstr(&text);
}

TEST(changes_are_told_by_what_they_belong_to)
{
	scoped_arena struct arena arena = {0};
	struct side before;
	struct side after;

	make(&before, integer, one);
	make(&after, bigint, two);
	after.catalog.count = 4; /* no index */
	CHECK_STR(text_of(&before, &after, PARTS_USUAL, 0, &arena), "~ function app.f(integer)\n"
	                                                            "    body:\n"
	                                                            "        begin\n"
	                                                            "      -   return 1;\n"
	                                                            "      +   return 2;\n"
	                                                            "        end\n"
	                                                            "~ column app.t.c\n"
	                                                            "    type: integer -> bigint\n"
	                                                            "- index app.t_c_idx: USING btree (c)\n");
	CHECK_STR(text_of(&before, &after, PARTS_USUAL, 1, &arena) + strlen("~ function app.f(integer)\n"
	                                                                    "    body:\n"
	                                                                    "        begin\n"
	                                                                    "      -   return 1;\n"
	                                                                    "      +   return 2;\n"
	                                                                    "        end\n"),
	          "and 1 column, 1 index more\n");
}

TEST(what_comes_with_its_parent_has_no_line)
{
	scoped_arena struct arena arena = {0};
	struct side before;
	struct side after;

	make(&before, integer, one);
	make(&after, integer, one);
	before.catalog.count = 1;
	CHECK_STR(text_of(&before, &after, PARTS_USUAL, 0, &arena), "+ table app.t: c\n");
	before.catalog.count = 2;
	before.table.first_child = NULL;
	CHECK_STR(text_of(&before, &after, PARTS_USUAL, 0, &arena),
	          "+ column app.t.c: integer default 0\n+ index app.t_c_idx: USING btree (c)\n");
	CHECK_STR(text_of(&after, &after, PARTS_USUAL, 0, &arena), "");
}

/* The one that moved farthest says it for all that moved along. */
TEST(of_columns_that_moved_one_is_told)
{
	scoped_arena struct arena arena = {0};
	static const struct attribute second[] = {{"position", "2"}, {"type", "integer"}};
	struct side before;
	struct side after;

	make(&before, integer, one);
	make(&after, moved, one);
	before.value = before.column, after.value = after.column;
	before.value.identity = after.value.identity = "app.t.d";
	before.value.attributes = second, after.value.attributes = integer;
	before.value.parent = &before.table, after.value.parent = &after.table;
	CHECK_STR(text_of(&before, &after, PARTS_USUAL | PART_COLUMN_ORDER, 0, &arena),
	          "~ column app.t.c\n    position: 1 -> 3\n");
}

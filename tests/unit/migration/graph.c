#include "migration/graph.h"

#include <string.h>

#include "plan/situation.h"
#include "test.h"

/* The order as "1 2 3"; numbers are below ten. */
static const char *order_text(struct arena *arena, const struct graph *graph)
{
	char *text = arena_alloc(arena, 2 * graph->count + 1);

	for (size_t i = 0; i < graph->count; i++) {
		text[2 * i] = (char)('0' + graph->migrations[graph->order[i]].number);
		text[2 * i + 1] = i + 1 < graph->count ? ' ' : '\0';
	}
	return text;
}

static const char *claims_text(struct arena *arena, const struct graph *graph, const bool *claims)
{
	char *text = arena_alloc(arena, 2 * graph->count + 1);
	size_t len = 0;

	for (size_t i = 0; i < graph->count; i++) {
		if (!claims[i])
			continue;
		text[len++] = (char)('0' + graph->migrations[i].number);
		text[len++] = ' ';
	}
	text[len ? len - 1 : 0] = '\0';
	return text;
}

TEST(graph_orders_parents_first_and_numbers_otherwise)
{
	static const struct {
		const char *tree;
		const char *order;
		const char *ancestors;   /* of 4 */
		const char *descendants; /* of 2 */
	} rows[] = {
	    {"1 2 3 4", "1 2 3 4", "1 2 3 4", "2 3 4"},
	    {"1 2@x 3 4", "1 2 3 4", "1 3 4", "2"},
	    {"1 2@x 3 4@x", "1 2 3 4", "1 2 4", "2 4"},
	    {"1 2@x 3 4<2", "1 2 3 4", "1 2 3 4", "2 4"},
	    {"1 2@x<4 3 4", "1 3 4 2", "1 3 4", "2"},
	    {"1 2 3@x 4@x<2", "1 2 3 4", "1 2 3 4", "2 3 4"},
	    {"1 2 3@x<1 4@x", "1 2 3 4", "1 3 4", "2"},
	    {"1 2@x 3@y 4<2,3", "1 2 3 4", "1 2 3 4", "2 4"},
	    {"1 2 3<9 4", "1 2 3 4", "1 2 3 4", "2 3 4"}, /* what does not exist */
	    {"1 2 3<3 4", "1 2 3 4", "1 2 3 4", "2 3 4"}, /* itself */
	    {"1 2$ 3 4", "1 3 4 2", "1 3 4", "2"},
	    {"1 2$ 3 4$", "1 3 2 4", "1 2 3 4", "2 4"},
	    {"1 2 3$ 4@x", "1 2 4 3", "1 2 4", "2 3 4"},
	    {"1 2 3$<2 4", "1 2 4 3", "1 2 4", "2 3 4"},
	    {"2 4@x", "2 4", "2 4", "2 4"},
	    {"2@x 4", "2 4", "4", "2"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const size_t two = migration_index(tree.migrations, tree.count, 2);
		const size_t four = migration_index(tree.migrations, tree.count, 4);
		struct graph graph;

		graph_build(tree.migrations, tree.count, &arena, &graph);
		CHECK_STR(order_text(&arena, &graph), rows[i].order);
		CHECK_STR(claims_text(&arena, &graph, graph_ancestors(&graph, four, &arena)), rows[i].ancestors);
		CHECK_STR(claims_text(&arena, &graph, graph_descendants(&graph, two, &arena)), rows[i].descendants);
	}
}

TEST(graph_tells_bad_requirements)
{
	static const struct {
		const char *tree;
		int64_t culprit; /* 0: all is well */
		const char *message;
	} rows[] = {
	    {"1 2 3<1 4", 0, NULL},
	    {"1 2<2", 2, "requires itself"},
	    {"1 2<7", 2, "requires 7, which does not exist"},
	    {"1 2<3 3", 2, "cannot require \"03_m\", which depends on it"},
	    {"1 2<4 3 4", 2, "cannot require \"04_m\""},
	    {"1 2@x<3 3@y<2", 2, "cannot require \"03_m\""},
	    {"1 2@x<3 3@y<4 4@z<2", 3, "cannot require \"04_m\""},
	    {"1 2@x<4 3 4", 0, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		struct graph graph;
		int64_t culprit = 0;
		struct error err = {0};
		struct error found = {0};

		graph_build(tree.migrations, tree.count, &arena, &graph);
		for (size_t j = 0; j < graph.count; j++) {
			if (graph_check(&graph, j, &err))
				continue;
			CHECK_ROW(i, culprit == 0);
			culprit = graph.migrations[j].number;
			found = err;
		}
		CHECK_ROW(i, culprit == rows[i].culprit);
		CHECK_ROW(i, !rows[i].message || strstr(found.message, rows[i].message));
	}
}

TEST(heads_are_what_nothing_builds_on)
{
	static const struct {
		const char *tree;
		const char *heads;
	} rows[] = {
	    {"", ""},
	    {"1 2 3", "3"},
	    {"1 2@x 3", "2 3"},
	    {"1 2@x", "2"},
	    {"1 2@x 3 4<2", "4"},
	    {"1 2@x 3@y 4", "2 3 4"},
	    {"1 2@x 3 4<2 5@x", "4 5"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const struct migration **heads;
		char text[16] = "";
		const size_t count = tree_heads(&tree, &arena, &heads);

		for (size_t j = 0; j < count; j++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", j ? " " : "",
			         (int)heads[j]->number);
		CHECK_STR(text, rows[i].heads);
	}
}

TEST(ten_thousand_migrations_may_require_upwards)
{
	scoped_arena struct arena arena = {0};
	const size_t count = 10000;
	struct migration *migrations = arena_array(&arena, struct migration, count);
	struct graph graph;

	/* Each on a branch of its own, requiring the next one: the deepest graph there is. */
	for (size_t i = 0; i < count; i++) {
		int64_t *next = arena_new(&arena, int64_t);

		*next = (int64_t)i + 2;
		migrations[i] = (struct migration){.number = (int64_t)i + 1, .directives = DIRECTIVES_NONE};
		migrations[i].directives.branch = arena_printf(&arena, "b%zu", i);
		migrations[i].directives.requires = next;
		migrations[i].directives.require_count = i + 1 < count;
	}
	graph_build(migrations, count, &arena, &graph);
	CHECK(graph.order[0] == count - 1 && graph.order[count - 1] == 0);
}

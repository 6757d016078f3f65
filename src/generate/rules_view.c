/*
 * A view is replaced in place where its columns stay what they are and only further ones follow: that is what
 * CREATE OR REPLACE VIEW takes, and it keeps grants and what is built on the view. Else it is dropped and
 * created, and with it all that depends on it. REPLACE without options takes the old ones away, so that they
 * are always written.
 *
 * A materialized view is always made anew; it holds what its query gives, which costs as much as the query
 * does.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

static void add_options(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *options = options_set(plan->arena, NULL, node_attribute(node, "options"), "");

	if (options)
		buffer_printf(text, " WITH (%s)", options);
}

/* As the server prints it, it ends in a semicolon. */
static struct str query_of(const struct object *view)
{
	struct str query = str_trim(str_of(view->definition));

	return str_ends(query, ";") ? str_slice(query, 0, query.len - 1) : query;
}

static void write_view(struct change_plan *plan, struct change_node *node, enum statement_role role,
                       const char *create)
{
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "%s %s", create, node->after->identity);
	add_options(plan, &text, node);
	buffer_printf(&text, " AS\n %.*s", STR_ARGS(query_of(node->after)));
	/* Behind columns: it may have them by way of a function that gives rows of a table. */
	plan_add(plan, node, role, "%s", buffer_cstr(&text))->rank = OBJECT_DEFAULT;
}

static void create_view(struct change_plan *plan, struct change_node *node)
{
	write_view(plan, node, ROLE_CREATE, "CREATE VIEW");
}

static void drop_view(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_DROP, "DROP %s %s", object_words(node_object(node)),
	               node->before->identity);
}

static void alter_view(struct change_plan *plan, struct change_node *node)
{
	if (node_changes(node, "definition"))
		write_view(plan, node, ROLE_ALTER, "CREATE OR REPLACE VIEW");
}

/* --- replaced in place? ---------------------------------------------------------- */

static bool is_same_attribute(const struct object *a, const struct object *b, const char *name)
{
	const char *left = object_attribute(a, name);
	const char *right = object_attribute(b, name);

	return left == right || (left && right && strcmp(left, right) == 0);
}

static bool must_replace(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	const struct object *before;

	(void)plan;
	(void)fact;
	for (long i = 1; (before = child_at(node->before, OBJECT_COLUMN, i)); i++) {
		const struct object *after = child_at(node->after, OBJECT_COLUMN, i);

		if (!after || strcmp(before->name, after->name) != 0 || !is_same_attribute(before, after, "type") ||
		    !is_same_attribute(before, after, "collation"))
			return true;
	}
	return false;
}

static void write_options(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	const char *set = options_set(plan->arena, fact->before, fact->after, "");
	const char *reset = options_reset(plan->arena, fact->before, fact->after, "");
	const char *alter = alter_relation(plan, node->after, false);

	if (node_is(node, OBJECT_VIEW) && node_changes(node, "definition"))
		return;
	if (set)
		(void)plan_add(plan, node, ROLE_ALTER, "%s SET (%s)", alter, set);
	if (reset)
		(void)plan_add(plan, node, ROLE_ALTER, "%s RESET (%s)", alter, reset);
}

static const struct fact_rule view_facts[] = {
    {.name = "definition", .write = NULL, .must_replace = must_replace},
    {.name = "options", .write = write_options},
    {.name = NULL},
};

/* --- materialized views -------------------------------------------------------- */

static void create_materialized_view(struct change_plan *plan, struct change_node *node)
{
	const char *method = node_attribute(node, "access_method");
	const char *tablespace = node_attribute(node, "tablespace");
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "CREATE MATERIALIZED VIEW %s", node->after->identity);
	if (method)
		buffer_printf(&text, " USING %s", quote_name(plan->arena, method));
	add_options(plan, &text, node);
	if (tablespace && plan->options->parts & PART_TABLESPACE)
		buffer_printf(&text, " TABLESPACE %s", quote_name(plan->arena, tablespace));
	buffer_printf(&text, " AS\n %.*s", STR_ARGS(query_of(node->after)));
	plan_add(plan, node, ROLE_CREATE, "%s", buffer_cstr(&text))->stage = STAGE_EVALUATE;
}

static void write_access_method(struct change_plan *plan, struct change_node *node,
                                const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "%s SET ACCESS METHOD %s",
	               alter_relation(plan, node->after, false),
	               fact->after ? quote_name(plan->arena, fact->after) : "heap");
}

static void write_tablespace(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "%s SET TABLESPACE %s", alter_relation(plan, node->after, false),
	               fact->after ? quote_name(plan->arena, fact->after) : "pg_default");
}

static const struct fact_rule materialized_view_facts[] = {
    {.name = "options", .write = write_options},
    {.name = "access_method", .write = write_access_method, .since = 15},
    {.name = "tablespace", .write = write_tablespace},
    {.name = NULL},
};

const struct kind_rules view_rules = {
    .create = create_view, .drop = drop_view, .alter = alter_view, .facts = view_facts};
const struct kind_rules materialized_view_rules = {
    .create = create_materialized_view, .drop = drop_view, .facts = materialized_view_facts};

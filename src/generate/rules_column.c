/*
 * Columns, their defaults, and what keeps NULL out of them. A child table's column that it has only by its
 * parent is changed by its parent's statement; that is what "inherited" says. Columns of views are what their
 * query says and have only remarks of their own.
 *
 * A default is an object beside its column as it may need a function that is made later than the table; where
 * it does not, it is written with the column. The expression of a generated column always is.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static bool is_of_table(const struct change_node *column)
{
	const struct object_kind *kind = node_object(column)->parent->kind;

	return kind == &object_kinds[OBJECT_TABLE] || kind == &object_kinds[OBJECT_FOREIGN_TABLE];
}

static bool is_of_view(const struct change_node *column)
{
	const struct object_kind *kind = node_object(column)->parent->kind;

	return kind == &object_kinds[OBJECT_VIEW];
}

static struct change_node *child_of_kind(const struct change_plan *plan, const struct object *object,
                                         enum object_kind_number kind)
{
	for (const struct object *child = object ? object->first_child : NULL; child; child = child->next_sibling)
		if (child->kind == &object_kinds[kind])
			return plan_node(plan, child);
	return NULL;
}

static struct plan_statement *alter_column(struct change_plan *plan, struct change_node *column,
                                           struct change_node *node, enum statement_role role, bool only,
                                           const char *what)
{
	return plan_add(plan, node, role, "%s ALTER COLUMN %s %s",
	                alter_relation(plan, node_object(column)->parent, only), node_object(column)->name, what);
}

/* --- text ------------------------------------------------------------------ */

/* With the generated column of its new table's parent, whose expression it could not repeat before 16. */
static bool is_merged(const struct change_plan *plan, const struct change_node *column)
{
	const struct change_node *table = plan_parent(plan, column);
	const struct change_node *origin = column_origin(plan, column->after);

	return plan_major(plan) < 16 && node_comes(table) && !table_is_apart(plan, table) && origin &&
	       origin->after && node_attribute(origin, "generated");
}

static void add_default(struct change_plan *plan, struct buffer *text, struct change_node *column)
{
	struct change_node *expression = child_of_kind(plan, column->after, OBJECT_DEFAULT);
	const char *generated = node_attribute(column, "generated");
	const struct change_node *table = plan_parent(plan, column);

	if (!expression)
		return;
	if (!generated && plan_reaches(plan, expression, node_comes(table) ? table : column))
		return;
	expression->comes_with = column;
	if (generated && is_merged(plan, column))
		return;
	if (generated)
		buffer_printf(text, " GENERATED ALWAYS AS (%s) %s", expression->after->definition,
		              strcmp(generated, "stored") == 0 ? "STORED" : "VIRTUAL");
	else
		buffer_printf(text, " DEFAULT %s", expression->after->definition);
}

static void add_identity(struct change_plan *plan, struct buffer *text, struct change_node *column)
{
	const char *identity = node_attribute(column, "identity");

	if (identity && !node_attribute(column, "inherited"))
		buffer_printf(text, " GENERATED %s AS IDENTITY%s",
		              strcmp(identity, "always") == 0 ? "ALWAYS" : "BY DEFAULT",
		              identity_options(plan, column));
}

const char *column_text(struct change_plan *plan, struct change_node *column)
{
	struct buffer text = {.arena = plan->arena};
	const char *collation = node_attribute(column, "collation");
	const char *compression = node_attribute(column, "compression");
	const char *options = node_attribute(column, "foreign_options");

	buffer_printf(&text, "%s %s", column->after->name, node_attribute(column, "type"));
	if (options)
		buffer_printf(&text, " OPTIONS (%s)", options);
	if (compression)
		buffer_printf(&text, " COMPRESSION %s", compression);
	if (collation)
		buffer_printf(&text, " COLLATE %s", collation);
	add_default(plan, &text, column);
	add_identity(plan, &text, column);
	buffer_text(&text, not_null_text(plan, column));
	return buffer_cstr(&text);
}

/* --- columns ----------------------------------------------------------------- */

/* Facts that neither CREATE TABLE nor ADD COLUMN can say. */
/* A new type brings its own storage and compression. */
static bool changes_type(const struct change_node *column)
{
	return column->is_retyped || node_changes(column, "type");
}

static void write_later_facts(struct change_plan *plan, struct change_node *column)
{
	static const char *const names[] = {"storage", "statistics", "options"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct fact_change fact = {names[i], NULL, node_attribute(column, names[i])};

		if (fact.after)
			rule_of(column, names[i])->write(plan, column, &fact);
	}
}

static bool has_new_default(const struct change_plan *plan, const struct change_node *column)
{
	return child_of_kind(plan, column->after, OBJECT_DEFAULT) != NULL;
}

static void write_own_compression(struct change_plan *plan, struct change_node *column,
                                  const struct change_node *origin)
{
	const char *own = node_attribute(column, "compression");
	const char *given = node_attribute(origin, "compression");

	if (own != given && (!own || !given || strcmp(own, given) != 0))
		(void)alter_column(plan, column, column, ROLE_ALTER, true,
		                   arena_printf(plan->arena, "SET COMPRESSION %s", own ? own : "default"));
}

/* What a child has otherwise than the column it has it of. */
static void write_own_facts(struct change_plan *plan, struct change_node *column)
{
	const struct change_node *origin = column_origin(plan, column->after);

	if (!node_attribute(column, "inherited") || !origin || !origin->after ||
	    table_is_apart(plan, plan_parent(plan, column)))
		return;
	if (node_attribute(column, "not_null") && !node_attribute(origin, "not_null"))
		(void)alter_column(plan, column, column, ROLE_ALTER, false, "SET NOT NULL");
	if (!node_attribute(column, "not_null") && node_attribute(origin, "not_null"))
		(void)alter_column(plan, column, column, ROLE_ALTER, false, "DROP NOT NULL");
	write_own_compression(plan, column, origin);
	if (child_of_kind(plan, origin->after, OBJECT_DEFAULT) && !has_new_default(plan, column))
		(void)alter_column(plan, column, column, ROLE_ALTER, true, "DROP DEFAULT");
}

/* Its NOT NULL as a statement of its own, where it gets its values first. `*text` is then without it. */
static const char *cut_not_null(struct change_plan *plan, struct change_node *column, const char **text)
{
	if (!plan->options->fills_columns || strstr(*text, " DEFAULT ") || strstr(*text, " GENERATED "))
		return NULL;
	const char *words = not_null_text(plan, column);
	const char *found = *words ? strstr(*text, words) : NULL;
	const char *name = strstr(words, " CONSTRAINT ");

	if (!found)
		return NULL;
	*text = arena_printf(plan->arena, "%.*s%s", (int)(found - *text), *text, found + strlen(words));
	return name ? arena_printf(plan->arena, "ADD%s %s", words, column->after->name)
	            : arena_printf(plan->arena, "ALTER COLUMN %s SET NOT NULL", column->after->name);
}

static void add_column(struct change_plan *plan, struct change_node *column)
{
	const char *alter = alter_relation(plan, column->after->parent, false);
	const char *text = column_text(plan, column);
	const char *not_null = cut_not_null(plan, column, &text);
	struct plan_statement *statement = plan_add(plan, column, ROLE_CREATE, "%s ADD COLUMN %s", alter, text);

	if (has_new_default(plan, column))
		statement->stage = STAGE_EVALUATE;
	else if (node_attribute(column, "not_null") && !not_null)
		statement->public.hazards |= HAZARD_MAY_FAIL;
	if (not_null)
		plan_add(plan, column, ROLE_ALTER, "%s %s", alter, not_null)->public.hazards |=
		    HAZARD_SCAN | HAZARD_MAY_FAIL;
}

static void create_column(struct change_plan *plan, struct change_node *column)
{
	if (!is_of_table(column)) {
		column->comes_with = plan_parent(plan, column);
		if (!is_of_view(column))
			write_later_facts(plan, column);
		return;
	}
	if (!column->comes_with)
		column->comes_with = column_giver(plan, column);
	if (!column->comes_with)
		add_column(plan, column);
	write_own_facts(plan, column);
	write_later_facts(plan, column);
}

static bool goes_with_ancestor(const struct change_plan *plan, const struct change_node *column)
{
	return object_attribute(column->before, "inherited") &&
	       !node_changes(plan_parent(plan, column), "inherits");
}

static void drop_column(struct change_plan *plan, struct change_node *column)
{
	struct change_node *attribute = column_attribute(plan, column->before);

	if (attribute && node_goes(attribute) && !node_changes(plan_parent(plan, column), "of_type")) {
		column->goes_with = attribute;
		return;
	}
	if (!is_of_table(column) || goes_with_ancestor(plan, column))
		return;
	struct plan_statement *statement =
	    plan_add(plan, column, ROLE_DROP, "%s DROP COLUMN %s",
	             alter_relation(plan, column->before->parent, false), column->before->name);

	statement->stage = STAGE_LOSE;
	if (!object_attribute(column->before, "generated"))
		statement->public.hazards |= HAZARD_DATA_LOSS | HAZARD_IRREVERSIBLE;
}

/* --- what changes in place ------------------------------------------------------ */

static void keep_as_text(struct change_plan *plan, struct change_node *column)
{
	const char *brackets = str_ends(str_of(node_attribute(column, "type")), "[]") ? "[]" : "";

	alter_column(
	    plan, column, column, ROLE_RELEASE, false,
	    arena_printf(plan->arena, "TYPE text%s USING %s::text%s", brackets, column->after->name, brackets))
	    ->public.hazards |= HAZARD_REWRITE;
}

static void write_type_change(struct change_plan *plan, struct change_node *column)
{
	const char *before = object_attribute(column->before, "type");
	const char *after = object_attribute(column->after, "type");
	const char *collation = object_attribute(column->after, "collation");
	struct buffer text = {.arena = plan->arena};

	if (column->is_rewritten || !is_of_table(column))
		return;
	column->is_rewritten = true;
	column->comes_with = column_giver(plan, column);
	if (column->comes_with)
		return;
	if (column->is_by_text)
		keep_as_text(plan, column);
	buffer_printf(&text, "TYPE %s", after);
	if (collation)
		buffer_printf(&text, " COLLATE %s", collation);
	const char *conversion = column->is_by_text || column->is_retyped
	                             ? type_by_text(plan->arena, column->after->name, after)
	                             : type_conversion(plan, column->after->name, before, after);
	if (conversion)
		buffer_printf(&text, " USING %s", conversion);
	struct plan_statement *statement =
	    alter_column(plan, column, column, ROLE_ALTER, false, buffer_cstr(&text));
	statement->public.hazards |= type_change_hazards(plan, before, after);
	if (statement->public.hazards & HAZARD_DATA_LOSS && !column->is_retyped && !column->is_by_text)
		statement->stage = STAGE_LOSE;
}

static void write_type(struct change_plan *plan, struct change_node *column, const struct fact_change *fact)
{
	(void)fact;
	write_type_change(plan, column);
}

static void retype_column(struct change_plan *plan, struct change_node *column)
{
	if (column->is_retyped)
		write_type_change(plan, column);
}

static const char *identity_words(const char *identity)
{
	return strcmp(identity, "always") == 0 ? "ALWAYS" : "BY DEFAULT";
}

/* Rows that are there have numbers already. */
static void write_position(struct change_plan *plan, struct change_node *column)
{
	const char *position = sequence_position(plan, column->after);

	if (position)
		plan_add(plan, column, ROLE_ALTER, "%s", position)->stage = STAGE_EVALUATE;
}

static void write_identity(struct change_plan *plan, struct change_node *column,
                           const struct fact_change *fact)
{
	if (!fact->after) {
		(void)alter_column(plan, column, column, ROLE_RELEASE, false, "DROP IDENTITY");
	} else if (!fact->before) {
		(void)alter_column(plan, column, column, ROLE_ALTER, false,
		                   arena_printf(plan->arena, "ADD GENERATED %s AS IDENTITY%s",
		                                identity_words(fact->after), identity_options(plan, column)));
		write_position(plan, column);
	} else {
		(void)alter_column(plan, column, column, ROLE_ALTER, false,
		                   arena_printf(plan->arena, "SET GENERATED %s", identity_words(fact->after)));
	}
}

/* Only that of a stored one can be left off; its values stay. */
static bool must_generate_anew(const struct change_plan *plan, const struct change_node *column,
                               const struct fact_change *fact)
{
	(void)column;
	return fact->after || strcmp(fact->before, "stored") != 0 || plan_major(plan) < 13;
}

static void write_generated(struct change_plan *plan, struct change_node *column,
                            const struct fact_change *fact)
{
	(void)fact;
	(void)alter_column(plan, column, column, ROLE_RELEASE, false, "DROP EXPRESSION");
}

static void write_storage(struct change_plan *plan, struct change_node *column,
                          const struct fact_change *fact)
{
	const char *usual = plan_major(plan) >= 16 || !column->before
	                        ? "DEFAULT"
	                        : object_attribute(column->before, "usual_storage");

	if (fact->after || !changes_type(column))
		(void)alter_column(plan, column, column, ROLE_ALTER, true,
		                   arena_printf(plan->arena, "SET STORAGE %s", fact->after ? fact->after : usual));
}

static void write_compression(struct change_plan *plan, struct change_node *column,
                              const struct fact_change *fact)
{
	(void)alter_column(
	    plan, column, column, ROLE_ALTER, true,
	    arena_printf(plan->arena, "SET COMPRESSION %s", fact->after ? fact->after : "default"));
}

static void write_statistics(struct change_plan *plan, struct change_node *column,
                             const struct fact_change *fact)
{
	(void)alter_column(plan, column, column, ROLE_ALTER, true,
	                   arena_printf(plan->arena, "SET STATISTICS %s", fact->after ? fact->after : "-1"));
}

static void write_options(struct change_plan *plan, struct change_node *column,
                          const struct fact_change *fact)
{
	const char *set = options_set(plan->arena, fact->before, fact->after, "");
	const char *reset = options_reset(plan->arena, fact->before, fact->after, "");

	if (set)
		(void)alter_column(plan, column, column, ROLE_ALTER, true,
		                   arena_printf(plan->arena, "SET (%s)", set));
	if (reset)
		(void)alter_column(plan, column, column, ROLE_ALTER, true,
		                   arena_printf(plan->arena, "RESET (%s)", reset));
}

static void write_foreign_options(struct change_plan *plan, struct change_node *column,
                                  const struct fact_change *fact)
{
	(void)alter_column(plan, column, column, ROLE_ALTER, true,
	                   arena_printf(plan->arena, "OPTIONS (%s)",
	                                foreign_options_change(plan->arena, fact->before, fact->after)));
}

/* No statement makes a column its parent's alone but the one that makes the child. */
static bool becomes_parents(const struct change_plan *plan, const struct change_node *column,
                            const struct fact_change *fact)
{
	return fact->after && !node_attribute(plan_parent(plan, column), "partition_bound");
}

/* A child that leaves its parent has its columns for itself, and keeps them so when it comes back. */
static void write_inherited(struct change_plan *plan, struct change_node *column,
                            const struct fact_change *fact)
{
	struct change_node *table = plan_parent(plan, column);
	const struct change_node *origin = column_origin(plan, column->before);

	if (fact->after || leaves_original(plan, column) || !origin || table->is_rewritten)
		return;
	table->is_rewritten = true;
	(void)plan_add(plan, column, ROLE_RELEASE, "%s NO INHERIT %s", alter_relation(plan, table->after, false),
	               origin->before->parent->identity);
	(void)plan_add(plan, column, ROLE_ALTER, "%s INHERIT %s", alter_relation(plan, table->after, false),
	               origin->before->parent->identity);
}

static const struct fact_rule column_facts[] = {
    {.name = "type", .write = write_type},
    {.name = "collation", .write = write_type},
    {.name = "generated", .write = write_generated, .must_replace = must_generate_anew},
    {.name = "not_null", .write = write_not_null},
    {.name = "identity", .write = write_identity},
    {.name = "storage", .write = write_storage},
    {.name = "compression", .write = write_compression},
    {.name = "statistics", .write = write_statistics},
    {.name = "options", .write = write_options},
    {.name = "foreign_options", .write = write_foreign_options},
    {.name = "position", .write = leave_alone},
    {.name = "inherited", .write = write_inherited, .must_replace = becomes_parents},
    {.name = NULL},
};

/* --- defaults ------------------------------------------------------------------ */

static bool is_generated(const struct object *expression)
{
	return object_attribute(expression->parent, "generated");
}

static void set_default(struct change_plan *plan, struct change_node *node)
{
	struct change_node *column = plan_parent(plan, node);

	(void)alter_column(plan, column, node, node_comes(node) ? ROLE_CREATE : ROLE_ALTER, true,
	                   arena_printf(plan->arena, "SET DEFAULT %s", node->after->definition));
}

/* Whether its column comes with it, as that of the parent has it. */
static bool is_given(const struct change_plan *plan, const struct change_node *node)
{
	const struct change_node *column = plan_parent(plan, node);
	const struct change_node *origin =
	    node_attribute(column, "inherited") ? column_origin(plan, column->after) : NULL;
	const struct change_node *given = origin ? child_of_kind(plan, origin->after, OBJECT_DEFAULT) : NULL;

	if (!node_comes(column) || !given || !given->after || table_is_apart(plan, plan_parent(plan, column)))
		return false;
	return is_generated(node->after) || (strcmp(given->after->definition, node->after->definition) == 0 &&
	                                     (given->fate == FATE_KEEP || given->comes_with));
}

static void create_default(struct change_plan *plan, struct change_node *node)
{
	if (!node->comes_with && is_given(plan, node))
		node->comes_with = plan_parent(plan, node);
	if (!node->comes_with)
		set_default(plan, node);
}

static void drop_default(struct change_plan *plan, struct change_node *node)
{
	struct change_node *column = plan_parent(plan, node);

	if (is_generated(node->before))
		node->goes_with = column;
	else
		(void)alter_column(plan, column, node, ROLE_DROP, true, "DROP DEFAULT");
}

static void write_expression(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	(void)fact;
	if (is_generated(node->after))
		alter_column(plan, plan_parent(plan, node), node, ROLE_ALTER, false,
		             arena_printf(plan->arena, "SET EXPRESSION AS (%s)", node->after->definition))
		    ->public.hazards |= HAZARD_REWRITE;
	else
		set_default(plan, node);
}

static bool is_generated_for_ever(const struct change_plan *plan, const struct change_node *node,
                                  const struct fact_change *fact)
{
	(void)fact;
	return is_generated(node->after) && is_generated(node->before) && plan_major(plan) < 17;
}

static const struct fact_rule default_facts[] = {
    {.name = "definition", .write = write_expression, .must_replace = is_generated_for_ever},
    {.name = NULL},
};

const struct kind_rules column_rules = {
    .create = create_column,
    .drop = drop_column,
    .alter = retype_column,
    .facts = column_facts,
};
const struct kind_rules default_rules = {
    .create = create_default, .drop = drop_default, .facts = default_facts};

/*
 * A sequence that a serial column owns is made before the table whose default calls it, and given to the
 * column afterwards: so ownership is a statement of its own. That of an identity column comes and goes with
 * the column, and only its options are told.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

/* --- what is as usual ---------------------------------------------------------- */

static const struct {
	const char *type;
	const char *greatest;
	const char *least;
} types[] = {
    {"smallint", "32767", "-32768"},
    {"integer", "2147483647", "-2147483648"},
    {"bigint", "9223372036854775807", "-9223372036854775808"},
};

static const char *usual_bound(const struct object *sequence, bool is_maximum)
{
	const bool is_descending = *object_attribute(sequence, "increment") == '-';
	const char *type = object_attribute(sequence, "type");

	if (is_maximum == is_descending)
		return is_descending ? "-1" : "1";
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].type, type) == 0)
			return is_maximum ? types[i].greatest : types[i].least;
	return "";
}

static const char *usual_value(const struct object *sequence, const char *name)
{
	const bool is_descending = *object_attribute(sequence, "increment") == '-';

	if (strcmp(name, "minimum") == 0)
		return usual_bound(sequence, false);
	if (strcmp(name, "maximum") == 0)
		return usual_bound(sequence, true);
	if (strcmp(name, "start") == 0)
		return object_attribute(sequence, is_descending ? "maximum" : "minimum");
	return "1";
}

static const struct {
	const char *attribute;
	const char *words;
} options[] = {
    {"increment", "INCREMENT BY"}, {"minimum", "MINVALUE"}, {"maximum", "MAXVALUE"},
    {"start", "START WITH"},       {"cache", "CACHE"},
};

static void add_options(struct buffer *text, const struct object *sequence, const struct object *before,
                        const char *separator)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const char *value = object_attribute(sequence, options[i].attribute);
		const char *had = before ? object_attribute(before, options[i].attribute)
		                         : usual_value(sequence, options[i].attribute);

		if (strcmp(value, had) != 0)
			buffer_printf(text, "%s%s %s", separator, options[i].words, value);
	}
	const bool cycles = object_attribute(sequence, "cycle");
	if (cycles != (before && object_attribute(before, "cycle")))
		buffer_printf(text, "%s%s", separator, cycles ? "CYCLE" : "NO CYCLE");
}

/* --- those of identity columns --------------------------------------------------- */

static struct change_node *identity_sequence(const struct change_plan *plan, const struct object *column)
{
	for (uint32_t i = 0; i < column->needed_by_count; i++) {
		const struct dependency *dependency = &column->needed_by[i];

		if (dependency->type == 'i' && dependency->object->kind == &object_kinds[OBJECT_SEQUENCE])
			return plan_node(plan, dependency->object);
	}
	return NULL;
}

const char *identity_options(struct change_plan *plan, struct change_node *column)
{
	struct change_node *sequence = identity_sequence(plan, column->after);
	struct buffer text = {.arena = plan->arena};

	if (!sequence)
		return "";
	sequence->comes_with = column;
	buffer_printf(&text, "SEQUENCE NAME %s", sequence->after->identity);
	add_options(&text, sequence->after, NULL, " ");
	return arena_printf(plan->arena, " (%s)", buffer_cstr(&text));
}

static struct change_node *new_sequence(const struct change_plan *plan, const struct object *column)
{
	for (uint32_t i = 0; i < column->needed_by_count; i++) {
		struct change_node *node = plan_node(plan, column->needed_by[i].object);

		if (node && node_is(node, OBJECT_SEQUENCE) && node_comes(node) && node_attribute(node, "owned_by"))
			return node;
	}
	return NULL;
}

const char *sequence_position(struct change_plan *plan, const struct object *column)
{
	const struct change_node *sequence = new_sequence(plan, column);

	if (!sequence || *node_attribute(sequence, "increment") == '-')
		return NULL;
	return arena_printf(plan->arena, "SELECT pg_catalog.setval(%s, max(%s))\n  FROM %s\nHAVING max(%s) >= %s",
	                    quote_literal(plan->arena, sequence->after->identity), column->name,
	                    column->parent->identity, column->name, node_attribute(sequence, "minimum"));
}

static const struct object *table_of(const struct object *sequence)
{
	for (uint32_t i = 0; i < sequence->need_count; i++)
		if (sequence->needs[i].object->kind == &object_kinds[OBJECT_COLUMN])
			return sequence->needs[i].object->parent;
	return NULL;
}

/* --- statements -------------------------------------------------------------------- */

static void own(struct change_plan *plan, struct change_node *node, const char *column)
{
	(void)plan_add(plan, node, column ? ROLE_REMARK : ROLE_RELEASE, "ALTER SEQUENCE %s OWNED BY %s",
	               node->after->identity, column ? column : "NONE");
}

/* Of a column that is there already, and is a number. */
static void set_position(struct change_plan *plan, struct change_node *node)
{
	for (uint32_t i = 0; i < node->after->need_count; i++) {
		const struct object *column = node->after->needs[i].object;
		const struct change_node *owner = plan_node(plan, column);

		if (owner && node_is(owner, OBJECT_COLUMN) && owner->before && !node_comes(owner) &&
		    strstr("smallint integer bigint", node_attribute(owner, "type")))
			plan_add(plan, node, ROLE_REMARK, "%s", sequence_position(plan, column))->stage = STAGE_EVALUATE;
	}
}

/* One of an identity column comes as its table is. */
static void write_own_logging(struct change_plan *plan, struct change_node *node)
{
	const struct object *table = table_of(node->after);
	const bool is_unlogged = node_attribute(node, "unlogged");

	if (table && is_unlogged != (object_attribute(table, "unlogged") != NULL))
		(void)plan_add(plan, node, ROLE_REMARK, "ALTER SEQUENCE %s SET %s", node->after->identity,
		               is_unlogged ? "UNLOGGED" : "LOGGED");
}

static void create_sequence(struct change_plan *plan, struct change_node *node)
{
	const char *type = node_attribute(node, "type");
	struct buffer text = {.arena = plan->arena};

	if (node->comes_with || node_attribute(node, "identity")) {
		if (plan_major(plan) >= 15)
			write_own_logging(plan, node);
		return;
	}
	buffer_printf(&text, "CREATE %sSEQUENCE %s", node_attribute(node, "unlogged") ? "UNLOGGED " : "",
	              node->after->identity);
	if (strcmp(type, "bigint") != 0)
		buffer_printf(&text, " AS %s", type);
	add_options(&text, node->after, NULL, "\n    ");
	(void)plan_add(plan, node, ROLE_CREATE, "%s", buffer_cstr(&text));
	if (node_attribute(node, "owned_by"))
		own(plan, node, node_attribute(node, "owned_by"));
	set_position(plan, node);
}

static void drop_sequence(struct change_plan *plan, struct change_node *node)
{
	if (object_attribute(node->before, "identity"))
		return;
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_DROP, "DROP SEQUENCE %s", node->before->identity);

	statement->stage = STAGE_LOSE;
	/* That of a column is known by the column. */
	if (!object_attribute(node->before, "owned_by"))
		statement->public.hazards |= HAZARD_DATA_LOSS;
}

static bool changes_options(const struct change_node *node)
{
	static const char *const names[] = {"type", "start", "increment", "minimum", "maximum", "cache", "cycle"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (node_changes(node, names[i]))
			return true;
	return false;
}

static long long number(const struct object *sequence, const char *name)
{
	return strtoll(object_attribute(sequence, name), NULL, 10);
}

/* Where it has just begun it is at its start, and a position out of bounds is refused. */
static bool leaves_bounds(const struct change_node *node)
{
	const long long start = number(node->before, "start");

	return start < number(node->after, "minimum") || start > number(node->after, "maximum");
}

/* Bounds that only follow from the type change with it. */
static void alter_sequence(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};

	if (!changes_options(node))
		return;
	buffer_printf(&text, "ALTER SEQUENCE %s", node->after->identity);
	if (node_changes(node, "type"))
		buffer_printf(&text, " AS %s", object_attribute(node->after, "type"));
	add_options(&text, node->after, node->before, " ");
	if (leaves_bounds(node))
		buffer_text(&text, " RESTART");
	(void)plan_add(plan, node, ROLE_ALTER, "%s", buffer_cstr(&text));
}

static void write_owned_by(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	if (fact->before)
		own(plan, node, NULL);
	if (fact->after)
		own(plan, node, fact->after);
}

static void write_unlogged(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER SEQUENCE %s SET %s", node->after->identity,
	               fact->after ? "UNLOGGED" : "LOGGED");
}

static const struct fact_rule sequence_facts[] = {
    {.name = "type"},
    {.name = "start"},
    {.name = "increment"},
    {.name = "minimum"},
    {.name = "maximum"},
    {.name = "cache"},
    {.name = "cycle"},
    {.name = "owned_by", .write = write_owned_by},
    {.name = "unlogged", .write = write_unlogged, .since = 15},
    {.name = NULL},
};

const struct kind_rules sequence_rules = {
    .create = create_sequence, .drop = drop_sequence, .alter = alter_sequence, .facts = sequence_facts};

/*
 * Casts, transforms, conversions and collations: what turns a value into another one, or compares it. A
 * transform can be put in place of another one; of the rest nothing can be changed, and nothing is lost when
 * it is dropped and created. A collation that columns use is changed as a type is (rules_type.c).
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

/* --- casts ----------------------------------------------------------------- */

static const struct word_choice contexts[] = {
    {"explicit", ""}, {"assignment", " AS ASSIGNMENT"}, {"implicit", " AS IMPLICIT"}, {.value = NULL}};

static const char *method_words(struct change_plan *plan, const struct change_node *node)
{
	const char *method = node_attribute(node, "method");

	if (strcmp(method, "binary") == 0)
		return "WITHOUT FUNCTION";
	if (strcmp(method, "inout") == 0)
		return "WITH INOUT";
	return arena_printf(plan->arena, "WITH FUNCTION %s", node_attribute(node, "function"));
}

static void create_cast(struct change_plan *plan, struct change_node *node)
{
	const struct clause context = {"context", "", CLAUSE_TEXT, contexts};

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE CAST (%s) %s%s", node->after->name,
	               method_words(plan, node),
	               clause_value(plan->arena, &context, node_attribute(node, "context")));
}

/* --- transforms -------------------------------------------------------------- */

static void write_transform(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	const char *from = node_attribute(node, "from_sql");
	const char *to = node_attribute(node, "to_sql");
	struct buffer text = {.arena = plan->arena};

	if (from)
		buffer_printf(&text, "FROM SQL WITH FUNCTION %s%s", from, to ? ", " : "");
	if (to)
		buffer_printf(&text, "TO SQL WITH FUNCTION %s", to);
	(void)plan_add(plan, node, role, "CREATE %sTRANSFORM %s (%s)", role == ROLE_ALTER ? "OR REPLACE " : "",
	               node->after->name, buffer_cstr(&text));
}

static void create_transform(struct change_plan *plan, struct change_node *node)
{
	write_transform(plan, node, ROLE_CREATE);
}

static void alter_transform(struct change_plan *plan, struct change_node *node)
{
	if (node_changes(node, "from_sql") || node_changes(node, "to_sql"))
		write_transform(plan, node, ROLE_ALTER);
}

static const struct fact_rule transform_facts[] = {{.name = "from_sql"}, {.name = "to_sql"}, {.name = NULL}};

/* --- conversions -------------------------------------------------------------- */

static void create_conversion(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE %sCONVERSION %s FOR %s TO %s FROM %s",
	               node_attribute(node, "is_default") ? "DEFAULT " : "", node->after->identity,
	               quote_literal(plan->arena, node_attribute(node, "source")),
	               quote_literal(plan->arena, node_attribute(node, "target")),
	               node_attribute(node, "function"));
}

/* --- collations ---------------------------------------------------------------- */

static const struct word_choice providers[] = {
    {"c", "libc"}, {"i", "icu"}, {"b", "builtin"}, {.value = NULL}};

static void add_locale(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *locale = node_attribute(node, "locale");
	const char *collate = node_attribute(node, "lc_collate");
	const char *ctype = node_attribute(node, "lc_ctype");

	if (!locale && collate && ctype && strcmp(collate, ctype) == 0)
		locale = collate;
	if (!locale && !collate) /* the root of ICU's */
		locale = "";
	if (locale)
		buffer_printf(text, ", LOCALE = %s", quote_literal(plan->arena, locale));
	else
		buffer_printf(text, ", LC_COLLATE = %s, LC_CTYPE = %s", quote_literal(plan->arena, collate),
		              quote_literal(plan->arena, ctype));
}

static void create_collation(struct change_plan *plan, struct change_node *node)
{
	const struct clause provider = {"provider", "PROVIDER", CLAUSE_TEXT, providers};
	const char *rules = node_attribute(node, "rules");
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "CREATE COLLATION %s (PROVIDER = %s", node->after->identity,
	              clause_value(plan->arena, &provider, node_attribute(node, "provider")));
	add_locale(plan, &text, node);
	if (node_attribute(node, "nondeterministic"))
		buffer_text(&text, ", DETERMINISTIC = false");
	if (rules)
		buffer_printf(&text, ", RULES = %s", quote_literal(plan->arena, rules));
	(void)plan_add(plan, node, ROLE_CREATE, "%s)", buffer_cstr(&text));
}

const struct kind_rules cast_rules = {.create = create_cast, .drop = drop_simple, .facts = no_facts};
const struct kind_rules transform_rules = {
    .create = create_transform, .drop = drop_simple, .alter = alter_transform, .facts = transform_facts};
const struct kind_rules conversion_rules = {
    .create = create_conversion, .drop = drop_simple, .facts = no_facts};
const struct kind_rules collation_rules = {.create = create_collation, .drop = drop_type, .facts = no_facts};

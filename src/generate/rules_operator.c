/*
 * Operators, and what indexes know of them. Of an operator what estimates rows can be changed; that it has a
 * commutator, a negator, a hash or a merge can be added since 17. One that is named as another's negator or
 * commutator and was not made yet is there without a function: it comes with the statement that names it.
 *
 * An operator family is created empty and given its loose members; those of a class come with that class.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- operators ---------------------------------------------------------------- */

static const struct clause clauses[] = {
    {"commutator", "COMMUTATOR", CLAUSE_OPERATOR, NULL},
    {"negator", "NEGATOR", CLAUSE_OPERATOR, NULL},
    {"restrict_function", "RESTRICT", CLAUSE_TEXT, NULL},
    {"join_function", "JOIN", CLAUSE_TEXT, NULL},
    {"hashes", "HASHES", CLAUSE_FLAG, NULL},
    {"merges", "MERGES", CLAUSE_FLAG, NULL},
    {.attribute = NULL},
};

/* What stands behind schema and name: "(integer, none)", " using btree". */
static struct str tail_of(const struct object *object)
{
	const struct str identity = str_of(object->identity);

	return str_slice(identity, strlen(object->schema) + 1 + strlen(object->name), identity.len);
}

static void add_operand(struct buffer *text, const char *words, struct str type)
{
	if (!str_is(type, "none"))
		buffer_printf(text, ",\n    %s = %.*s", words, STR_ARGS(type));
}

static void write_operator(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	const struct str tail = tail_of(node->after);
	struct str rest = str_slice(tail, 1, tail.len - 1);
	struct buffer text = {.arena = plan->arena};
	const char *list = clause_list(plan, node, clauses) + 1;
	struct str left;
	struct str right;

	(void)item_list_next(&rest, &left);
	(void)item_list_next(&rest, &right);
	buffer_printf(&text, "CREATE OPERATOR %s.%s (\n    FUNCTION = %s", node->after->schema, node->after->name,
	              node_attribute(node, "function"));
	add_operand(&text, "LEFTARG", left);
	add_operand(&text, "RIGHTARG", right);
	(void)plan_add(plan, node, role, "%s%s%s", buffer_cstr(&text), str_is(str_of(list), "\n)") ? "" : ",",
	               list);
}

static bool is_unmade(const struct object *object)
{
	return !object_attribute(object, "function");
}

static void create_operator(struct change_plan *plan, struct change_node *node)
{
	if (!is_unmade(node->after))
		write_operator(plan, node, ROLE_CREATE);
}

static void alter_operator(struct change_plan *plan, struct change_node *node)
{
	if (is_unmade(node->before) && !is_unmade(node->after))
		write_operator(plan, node, ROLE_ALTER);
}

static void write_clause(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	const struct clause *clause = clauses;

	if (is_unmade(node->before))
		return;
	while (strcmp(clause->attribute, fact->name) != 0)
		clause++;
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER %s SET (%s%s%s)",
	               object_reference(node->after, plan->arena), clause->words,
	               clause->form == CLAUSE_FLAG ? "" : " = ",
	               clause->form == CLAUSE_FLAG ? ""
	               : fact->after               ? clause_value(plan->arena, clause, fact->after)
	                                           : "NONE");
}

/* What the planner is told can only be added, since 17. */
static bool is_not_added(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	return !is_unmade(node->before) && (fact->before || plan_major(plan) < 17);
}

static bool was_made(const struct change_plan *plan, const struct change_node *node,
                     const struct fact_change *fact)
{
	(void)plan;
	(void)fact;
	return !is_unmade(node->before);
}

static const struct fact_rule operator_facts[] = {
    {.name = "function", .must_replace = was_made},
    {.name = "commutator", .write = write_clause, .must_replace = is_not_added},
    {.name = "negator", .write = write_clause, .must_replace = is_not_added},
    {.name = "restrict_function", .write = write_clause},
    {.name = "join_function", .write = write_clause},
    {.name = "hashes", .write = write_clause, .must_replace = is_not_added},
    {.name = "merges", .write = write_clause, .must_replace = is_not_added},
    {.name = NULL},
};

/* --- members of families and classes -------------------------------------------- */

/* Of "1 s.=(integer,bigint) for order by s.f" and "1 (integer, bigint) f(...)": "1 (integer,bigint)". */
static const char *member_key(struct arena *arena, struct str member)
{
	const struct str number = str_slice(member, 0, str_index(member, ' '));
	bool is_quoted = false;
	size_t from = 0;

	for (size_t i = number.len; i < member.len; i++) {
		is_quoted ^= member.text[i] == '"';
		if (!is_quoted && member.text[i] == '(' && !from)
			from = i;
		if (!is_quoted && member.text[i] == ')')
			return arena_printf(arena, "%.*s %.*s", STR_ARGS(number), (int)(i + 1 - from),
			                    member.text + from);
	}
	return arena_printf(arena, "%.*s", STR_ARGS(number));
}

static bool has_line(const char *lines, struct str wanted)
{
	struct str rest = str_of(lines ? lines : "");
	struct str line;

	while (str_split_next(&rest, '\n', &line))
		if (str_equal(line, wanted))
			return true;
	return false;
}

static void alter_family(struct change_plan *plan, struct change_node *node, const char *what)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER OPERATOR FAMILY %s %s", node->after->identity, what);
}

static void write_members(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	const char *words = strcmp(fact->name, "operators") == 0 ? "OPERATOR" : "FUNCTION";
	struct str before = str_of(fact->before ? fact->before : "");
	struct str after = str_of(fact->after ? fact->after : "");
	struct str line;

	while (before.len && str_split_next(&before, '\n', &line))
		if (!has_line(fact->after, line))
			alter_family(plan, node,
			             arena_printf(plan->arena, "DROP %s %s", words, member_key(plan->arena, line)));
	while (after.len && str_split_next(&after, '\n', &line))
		if (!has_line(fact->before, line))
			alter_family(plan, node, arena_printf(plan->arena, "ADD %s %.*s", words, STR_ARGS(line)));
}

/* --- operator families ------------------------------------------------------------ */

static void create_operator_family(struct change_plan *plan, struct change_node *node)
{
	static const char *const names[] = {"operators", "functions"};

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE OPERATOR FAMILY %s", node->after->identity);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct fact_change members = {names[i], NULL, node_attribute(node, names[i])};

		write_members(plan, node, &members);
	}
}

static const struct fact_rule operator_family_facts[] = {
    {.name = "operators", .write = write_members},
    {.name = "functions", .write = write_members},
    {.name = NULL},
};

/* --- operator classes -------------------------------------------------------------- */

static void add_members(struct buffer *text, const char *words, const char *members)
{
	struct str rest = str_of(members ? members : "");
	struct str line;

	while (rest.len && str_split_next(&rest, '\n', &line))
		buffer_printf(text, "%s\n    %s %.*s", text->len ? "," : "", words, STR_ARGS(line));
}

/* One without members is said to store what it is of, as it does. */
static const char *class_items(struct change_plan *plan, const struct change_node *node)
{
	const char *storage = node_attribute(node, "storage");
	struct buffer text = {.arena = plan->arena};

	add_members(&text, "OPERATOR", node_attribute(node, "operators"));
	add_members(&text, "FUNCTION", node_attribute(node, "functions"));
	if (storage || !text.len)
		buffer_printf(&text, "%s\n    STORAGE %s", text.len ? "," : "",
		              storage ? storage : node_attribute(node, "type"));
	return buffer_cstr(&text);
}

static void create_operator_class(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE,
	               "CREATE OPERATOR CLASS %s.%s\n    %sFOR TYPE %s%.*s FAMILY %s AS%s", node->after->schema,
	               node->after->name, node_attribute(node, "is_default") ? "DEFAULT " : "",
	               node_attribute(node, "type"), STR_ARGS(tail_of(node->after)),
	               node_attribute(node, "family"), class_items(plan, node));
}

const struct kind_rules operator_rules = {
    .create = create_operator, .drop = drop_simple, .alter = alter_operator, .facts = operator_facts};
const struct kind_rules operator_family_rules = {
    .create = create_operator_family, .drop = drop_simple, .facts = operator_family_facts};
const struct kind_rules operator_class_rules = {
    .create = create_operator_class, .drop = drop_simple, .facts = no_facts};

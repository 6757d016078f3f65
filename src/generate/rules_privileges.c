/*
 * Privileges that are objects of their own. Default privileges act on what is created after them, so they
 * change at the end of a script; grants of new objects are written for those that were there before. Where
 * there are none for the whole database, objects have what they have from the start; those of one schema only
 * add to that.
 *
 * What is the server's own is there whatever happens; it counts as an object as long as somebody has changed
 * who may use it, and the catalog has what it was before that ("initial").
 */
#include <ctype.h>
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- default privileges --------------------------------------------------------- */

struct default_name {
	struct str role;
	struct str schema; /* without text: all of them */
	const char *kind;  /* "tables" */
};

/* A name that may be in quotes, off the beginning. */
static struct str take_name(struct str *rest)
{
	bool is_quoted = false;
	size_t len = 0;

	for (; len < rest->len && (is_quoted || rest->text[len] != ' '); len++)
		is_quoted ^= rest->text[len] == '"';
	const struct str name = str_slice(*rest, 0, len);
	*rest = str_slice(*rest, len < rest->len ? len + 1 : len, rest->len);
	return name;
}

/* "for ROLE in SCHEMA on KIND", "for ROLE on KIND": as default_privileges.sql names them. */
static struct default_name default_name(const struct object *object)
{
	struct default_name name = {.kind = NULL};
	struct str rest = str_of(object->name);

	(void)take_name(&rest);
	name.role = take_name(&rest);
	if (str_is(take_name(&rest), "in")) {
		name.schema = take_name(&rest);
		(void)take_name(&rest);
	}
	name.kind = rest.text;
	return name;
}

static const char *upper_case(struct arena *arena, const char *text)
{
	char *upper = arena_strndup(arena, text, strlen(text));

	for (char *c = upper; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return upper;
}

/* Of the object, or, where there is none, what new objects have without it. */
static struct privilege_set default_set(const struct change_plan *plan, const struct object *object,
                                        const struct default_name *name)
{
	struct privilege_set set = {0};

	if (object)
		set_add_list(plan->arena, &set, object, plan_major(plan));
	else if (!name->schema.text)
		set_add_usual(plan, &set, grant_kind_of_default(name->kind));
	return set;
}

static void write_default_privileges(struct change_plan *plan, struct change_node *node,
                                     enum statement_role role)
{
	const struct default_name name = default_name(node_object(node));
	const struct privilege_set before = default_set(plan, node->before, &name);
	const struct privilege_set after = default_set(plan, node->after, &name);
	const char *in =
	    name.schema.text ? arena_printf(plan->arena, "IN SCHEMA %.*s ", STR_ARGS(name.schema)) : "";
	const struct grant_text grant = {
	    .prefix =
	        arena_printf(plan->arena, "ALTER DEFAULT PRIVILEGES FOR ROLE %.*s %s", STR_ARGS(name.role), in),
	    .target = upper_case(plan->arena, name.kind),
	    .all = grant_kind_of_default(name.kind)->all,
	    .owner = str_copy(plan->arena, name.role),
	    .role = role,
	    .stage = STAGE_END};

	write_privileges(plan, node, &grant, &before, &after);
}

static void create_default_privileges(struct change_plan *plan, struct change_node *node)
{
	write_default_privileges(plan, node, ROLE_CREATE);
}

static void drop_default_privileges(struct change_plan *plan, struct change_node *node)
{
	write_default_privileges(plan, node, ROLE_DROP);
}

static void write_default_grants(struct change_plan *plan, struct change_node *node,
                                 const struct fact_change *fact)
{
	(void)fact;
	write_default_privileges(plan, node, ROLE_ALTER);
}

static const struct fact_rule default_facts[] = {
    {.name = "grants", .write = write_default_grants},
    {.name = NULL},
};

/* --- system objects ---------------------------------------------------------------- */

static const struct {
	const char *type; /* as pg_identify_object() says */
	const char *words;
	bool is_column;
} system_types[] = {
    {"table column ", "TABLE", true},  {"view column ", "TABLE", true},    {"table ", "TABLE", false},
    {"view ", "TABLE", false},         {"sequence ", "SEQUENCE", false},   {"function ", "FUNCTION", false},
    {"aggregate ", "FUNCTION", false}, {"procedure ", "PROCEDURE", false}, {"type ", "TYPE", false},
    {"schema ", "SCHEMA", false},
};

static bool name_system_object(struct arena *arena, const char *name, struct grant_text *out)
{
	for (size_t i = 0; i < sizeof(system_types) / sizeof(*system_types); i++) {
		const size_t len = strlen(system_types[i].type);
		const char *dot = strrchr(name, '.');

		if (strncmp(name, system_types[i].type, len) != 0)
			continue;
		out->column = system_types[i].is_column ? dot + 1 : NULL;
		out->target = arena_printf(
		    arena, "%s %.*s", system_types[i].words,
		    (int)(system_types[i].is_column ? (size_t)(dot - name) - len : strlen(name) - len), name + len);
		return true;
	}
	return false;
}

/* "PUBLIC EXECUTE", a role a line. */
static struct privilege_set initial_set(const struct change_plan *plan, const struct object *object)
{
	const char *initial = object_attribute(object, "initial");
	struct str rest = str_of(initial ? initial : "");
	struct privilege_set set = {0};
	struct str line;

	while (rest.len && str_split_next(&rest, '\n', &line)) {
		const char *role = str_copy(plan->arena, take_name(&line));

		set_add(plan->arena, &set, strcmp(role, "PUBLIC") == 0 ? "" : role, NULL, str_copy(plan->arena, line),
		        plan_major(plan));
	}
	return set;
}

static struct privilege_set system_set(const struct change_plan *plan, const struct change_node *node,
                                       const struct object *object)
{
	struct privilege_set set = {0};

	if (!object)
		return initial_set(plan, node_object(node));
	set_add_list(plan->arena, &set, object, plan_major(plan));
	return set;
}

/* Its owner made the server, and has another name on each. */
static void write_system_object(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	struct grant_text grant = {.prefix = "", .role = role, .stage = STAGE_DEFINE};

	if (!name_system_object(plan->arena, node_object(node)->name, &grant)) {
		plan_unmodelled(plan, node, "grants");
		return;
	}
	const struct privilege_set before = system_set(plan, node, node->before);
	const struct privilege_set after = system_set(plan, node, node->after);
	write_privileges(plan, node, &grant, &before, &after);
}

static void create_system_object(struct change_plan *plan, struct change_node *node)
{
	write_system_object(plan, node, ROLE_CREATE);
}

static void drop_system_object(struct change_plan *plan, struct change_node *node)
{
	write_system_object(plan, node, ROLE_DROP);
}

static void write_system_grants(struct change_plan *plan, struct change_node *node,
                                const struct fact_change *fact)
{
	(void)fact;
	write_system_object(plan, node, ROLE_ALTER);
}

static const struct fact_rule system_facts[] = {
    {.name = "grants", .write = write_system_grants},
    {.name = "initial", .write = leave_alone},
    {.name = NULL},
};

const struct kind_rules default_privileges_rules = {
    .create = create_default_privileges, .drop = drop_default_privileges, .facts = default_facts};
const struct kind_rules system_object_rules = {
    .create = create_system_object, .drop = drop_system_object, .facts = system_facts};

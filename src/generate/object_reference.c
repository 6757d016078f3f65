/*
 * How statements name objects. COMMENT ON, ALTER ... OWNER TO, DROP and SECURITY LABEL share their words, so
 * one table of them serves all.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

static const char *const words[OBJECT_KIND_COUNT] = {
    [OBJECT_SCHEMA] = "SCHEMA",
    [OBJECT_EXTENSION] = "EXTENSION",
    [OBJECT_LANGUAGE] = "LANGUAGE",
    [OBJECT_ACCESS_METHOD] = "ACCESS METHOD",
    [OBJECT_COLLATION] = "COLLATION",
    [OBJECT_BASE_TYPE] = "TYPE",
    [OBJECT_ENUM] = "TYPE",
    [OBJECT_DOMAIN] = "DOMAIN",
    [OBJECT_COMPOSITE_TYPE] = "TYPE",
    [OBJECT_RANGE_TYPE] = "TYPE",
    [OBJECT_FUNCTION] = "FUNCTION",
    [OBJECT_PROCEDURE] = "PROCEDURE",
    [OBJECT_AGGREGATE] = "AGGREGATE",
    [OBJECT_CAST] = "CAST",
    [OBJECT_TRANSFORM] = "TRANSFORM",
    [OBJECT_CONVERSION] = "CONVERSION",
    [OBJECT_OPERATOR] = "OPERATOR",
    [OBJECT_OPERATOR_FAMILY] = "OPERATOR FAMILY",
    [OBJECT_OPERATOR_CLASS] = "OPERATOR CLASS",
    [OBJECT_TEXT_SEARCH_PARSER] = "TEXT SEARCH PARSER",
    [OBJECT_TEXT_SEARCH_TEMPLATE] = "TEXT SEARCH TEMPLATE",
    [OBJECT_TEXT_SEARCH_DICTIONARY] = "TEXT SEARCH DICTIONARY",
    [OBJECT_TEXT_SEARCH_CONFIGURATION] = "TEXT SEARCH CONFIGURATION",
    [OBJECT_FOREIGN_DATA_WRAPPER] = "FOREIGN DATA WRAPPER",
    [OBJECT_SERVER] = "SERVER",
    [OBJECT_USER_MAPPING] = "USER MAPPING",
    [OBJECT_SEQUENCE] = "SEQUENCE",
    [OBJECT_TABLE] = "TABLE",
    [OBJECT_FOREIGN_TABLE] = "FOREIGN TABLE",
    [OBJECT_VIEW] = "VIEW",
    [OBJECT_MATERIALIZED_VIEW] = "MATERIALIZED VIEW",
    [OBJECT_ATTRIBUTE] = "COLUMN",
    [OBJECT_COLUMN] = "COLUMN",
    [OBJECT_NOT_NULL] = "CONSTRAINT",
    [OBJECT_CONSTRAINT] = "CONSTRAINT",
    [OBJECT_INDEX] = "INDEX",
    [OBJECT_STATISTICS] = "STATISTICS",
    [OBJECT_RULE] = "RULE",
    [OBJECT_TRIGGER] = "TRIGGER",
    [OBJECT_POLICY] = "POLICY",
    [OBJECT_EVENT_TRIGGER] = "EVENT TRIGGER",
    [OBJECT_PUBLICATION] = "PUBLICATION",
    [OBJECT_SUBSCRIPTION] = "SUBSCRIPTION",
};

const char *object_words(const struct object *object)
{
	return words[object_kind_number(object->kind)];
}

/* "name ON parent", with DOMAIN before a domain. */
static const char *on_parent(const struct object *object, struct arena *arena)
{
	const bool is_domain = object->parent->kind == &object_kinds[OBJECT_DOMAIN];

	return arena_printf(arena, "%s %s ON %s%s", object_words(object), object->name,
	                    is_domain ? "DOMAIN " : "", object->parent->identity);
}

/* It lies on its column, and is named on its table. */
static const char *not_null_reference(const struct object *object, struct arena *arena)
{
	const bool is_domain = object->parent->kind == &object_kinds[OBJECT_DOMAIN];

	return arena_printf(arena, "CONSTRAINT %s ON %s%s", object_attribute(object, "real_name"),
	                    is_domain ? "DOMAIN " : "",
	                    is_domain ? object->parent->identity : object->parent->parent->identity);
}

/* "()" says that it takes none; as an aggregate's arguments that is "(*)". */
static const char *aggregate_reference(const struct object *object, struct arena *arena)
{
	const size_t len = strlen(object->identity);

	if (len < 2 || strcmp(object->identity + len - 2, "()") != 0)
		return arena_printf(arena, "%s %s", object_words(object), object->identity);
	return arena_printf(arena, "%s %.*s(*)", object_words(object), (int)len - 2, object->identity);
}

const char *object_reference(const struct object *object, struct arena *arena)
{
	switch (object_kind_number(object->kind)) {
	case OBJECT_NOT_NULL:
		return not_null_reference(object, arena);
	case OBJECT_CONSTRAINT:
	case OBJECT_TRIGGER:
	case OBJECT_POLICY:
	case OBJECT_RULE:
		return on_parent(object, arena);
	case OBJECT_AGGREGATE:
		return aggregate_reference(object, arena);
	case OBJECT_CAST:
		return arena_printf(arena, "%s (%s)", object_words(object), object->name);
	default:
		return arena_printf(arena, "%s %s", object_words(object), object->identity);
	}
}

/* --- names --------------------------------------------------------------------- */

static bool needs_quotes(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")] != '\0' || char_is_digit(*name);
}

const char *names_join(struct arena *arena, const char *first, const char *second)
{
	const char *whole = arena_printf(arena, "%s_%s", unquote_name(arena, first), unquote_name(arena, second));
	const char *name = name_with_tail(arena, whole, "");

	return needs_quotes(name) ? quote_name(arena, name) : name;
}

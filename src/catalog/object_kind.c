#include "catalog/object_kind.h"

#include <string.h>

/* What a row does not mention is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

const struct object_kind object_kinds[OBJECT_KIND_COUNT] = {
    [OBJECT_SCHEMA] = {"schema", CLASS_SCHEMA},
    [OBJECT_EXTENSION] = {"extension", CLASS_EXTENSION},
    [OBJECT_LANGUAGE] = {"language", CLASS_LANGUAGE},
    [OBJECT_ACCESS_METHOD] = {"access method", CLASS_ACCESS_METHOD},
    [OBJECT_COLLATION] = {"collation", CLASS_COLLATION},
    [OBJECT_BASE_TYPE] = {"base type", CLASS_TYPE},
    [OBJECT_ENUM] = {"enum", CLASS_TYPE},
    [OBJECT_DOMAIN] = {"domain", CLASS_TYPE},
    [OBJECT_COMPOSITE_TYPE] = {"composite type", CLASS_TYPE},
    [OBJECT_RANGE_TYPE] = {"range type", CLASS_TYPE},
    [OBJECT_FUNCTION] = {"function", CLASS_FUNCTION},
    [OBJECT_PROCEDURE] = {"procedure", CLASS_FUNCTION},
    [OBJECT_AGGREGATE] = {"aggregate", CLASS_FUNCTION},
    [OBJECT_CAST] = {"cast", CLASS_CAST},
    [OBJECT_TRANSFORM] = {"transform", CLASS_TRANSFORM},
    [OBJECT_CONVERSION] = {"conversion", CLASS_CONVERSION},
    [OBJECT_OPERATOR] = {"operator", CLASS_OPERATOR},
    [OBJECT_OPERATOR_FAMILY] = {"operator family", CLASS_OPERATOR_FAMILY},
    [OBJECT_OPERATOR_CLASS] = {"operator class", CLASS_OPERATOR_CLASS},
    [OBJECT_TEXT_SEARCH_PARSER] = {"text search parser", CLASS_TEXT_SEARCH_PARSER},
    [OBJECT_TEXT_SEARCH_TEMPLATE] = {"text search template", CLASS_TEXT_SEARCH_TEMPLATE},
    [OBJECT_TEXT_SEARCH_DICTIONARY] = {"text search dictionary", CLASS_TEXT_SEARCH_DICTIONARY},
    [OBJECT_TEXT_SEARCH_CONFIGURATION] = {"text search configuration", CLASS_TEXT_SEARCH_CONFIGURATION},
    [OBJECT_FOREIGN_DATA_WRAPPER] = {"foreign-data wrapper", CLASS_FOREIGN_DATA_WRAPPER},
    [OBJECT_SERVER] = {"server", CLASS_FOREIGN_SERVER},
    [OBJECT_USER_MAPPING] = {"user mapping", CLASS_USER_MAPPING},
    [OBJECT_SEQUENCE] = {"sequence", CLASS_RELATION},
    [OBJECT_TABLE] = {"table", CLASS_RELATION},
    [OBJECT_FOREIGN_TABLE] = {"foreign table", CLASS_RELATION},
    [OBJECT_VIEW] = {"view", CLASS_RELATION},
    [OBJECT_MATERIALIZED_VIEW] = {"materialized view", CLASS_RELATION},
    [OBJECT_ATTRIBUTE] = {"attribute", CLASS_RELATION, CLASS_RELATION},
    [OBJECT_COLUMN] = {"column", CLASS_RELATION, CLASS_RELATION},
    [OBJECT_DEFAULT] = {"default", CLASS_DEFAULT, CLASS_RELATION},
    [OBJECT_NOT_NULL] = {"not null", CLASS_CONSTRAINT},
    [OBJECT_CONSTRAINT] = {"constraint", CLASS_CONSTRAINT},
    [OBJECT_INDEX] = {"index", CLASS_RELATION, CLASS_RELATION},
    [OBJECT_STATISTICS] = {"statistics", CLASS_STATISTICS},
    [OBJECT_RULE] = {"rule", CLASS_RULE, CLASS_RELATION},
    [OBJECT_TRIGGER] = {"trigger", CLASS_TRIGGER, CLASS_RELATION},
    [OBJECT_POLICY] = {"policy", CLASS_POLICY, CLASS_RELATION},
    [OBJECT_EVENT_TRIGGER] = {"event trigger", CLASS_EVENT_TRIGGER},
    [OBJECT_PUBLICATION] = {"publication", CLASS_PUBLICATION},
    [OBJECT_PUBLICATION_TABLE] = {"publication table", CLASS_PUBLICATION_TABLE, CLASS_PUBLICATION},
    [OBJECT_PUBLICATION_SCHEMA] = {"publication schema", CLASS_PUBLICATION_SCHEMA, CLASS_PUBLICATION},
    [OBJECT_SUBSCRIPTION] = {"subscription", CLASS_SUBSCRIPTION},
    [OBJECT_DEFAULT_PRIVILEGES] = {"default privileges", CLASS_DEFAULT_PRIVILEGES},
    [OBJECT_SYSTEM_OBJECT] = {"system object", CLASS_NONE},
};

const struct object_kind *object_kind_find(const char *name)
{
	for (size_t i = 0; i < OBJECT_KIND_COUNT; i++)
		if (strcmp(object_kinds[i].name, name) == 0)
			return &object_kinds[i];
	return NULL;
}

enum object_kind_number object_kind_number(const struct object_kind *kind)
{
	return (enum object_kind_number)(kind - object_kinds);
}

#include "catalog/catalog_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "queries.h"

const struct catalog_query catalog_queries[] = {
    {SQL_query_schema, OBJECT_SCHEMA, 0},
    {SQL_query_extension, OBJECT_EXTENSION, 0},
    {SQL_query_language, OBJECT_LANGUAGE, 0},
    {SQL_query_access_method, OBJECT_ACCESS_METHOD, 0},
    {SQL_query_collation, OBJECT_COLLATION, 0},
    {SQL_query_base_type, OBJECT_BASE_TYPE, 0},
    {SQL_query_enum_type, OBJECT_ENUM, 0},
    {SQL_query_domain, OBJECT_DOMAIN, 0},
    {SQL_query_composite_type, OBJECT_COMPOSITE_TYPE, 0},
    {SQL_query_range_type, OBJECT_RANGE_TYPE, 0},
    {SQL_query_function, OBJECT_FUNCTION, 0},
    {SQL_query_aggregate, OBJECT_AGGREGATE, 0},
    {SQL_query_cast, OBJECT_CAST, 0},
    {SQL_query_transform, OBJECT_TRANSFORM, 0},
    {SQL_query_conversion, OBJECT_CONVERSION, 0},
    {SQL_query_operator, OBJECT_OPERATOR, 0},
    {SQL_query_operator_family, OBJECT_OPERATOR_FAMILY, 0},
    {SQL_query_operator_class, OBJECT_OPERATOR_CLASS, 0},
    {SQL_query_text_search_parser, OBJECT_TEXT_SEARCH_PARSER, 0},
    {SQL_query_text_search_template, OBJECT_TEXT_SEARCH_TEMPLATE, 0},
    {SQL_query_text_search_dictionary, OBJECT_TEXT_SEARCH_DICTIONARY, 0},
    {SQL_query_text_search_configuration, OBJECT_TEXT_SEARCH_CONFIGURATION, 0},
    {SQL_query_foreign_data_wrapper, OBJECT_FOREIGN_DATA_WRAPPER, 0},
    {SQL_query_server, OBJECT_SERVER, 0},
    {SQL_query_user_mapping, OBJECT_USER_MAPPING, 0},
    {SQL_query_sequence, OBJECT_SEQUENCE, 0},
    {SQL_query_relation, OBJECT_TABLE, 0},
    {SQL_query_relation_column, OBJECT_COLUMN, 0},
    {SQL_query_default, OBJECT_DEFAULT, 0},
    {SQL_query_not_null, OBJECT_NOT_NULL, 17},
    {SQL_query_constraint, OBJECT_CONSTRAINT, 0},
    {SQL_query_table_index, OBJECT_INDEX, 0},
    {SQL_query_statistics, OBJECT_STATISTICS, 0},
    {SQL_query_rule, OBJECT_RULE, 0},
    {SQL_query_trigger, OBJECT_TRIGGER, 0},
    {SQL_query_policy, OBJECT_POLICY, 0},
    {SQL_query_event_trigger, OBJECT_EVENT_TRIGGER, 0},
    {SQL_query_publication, OBJECT_PUBLICATION, 0},
    {SQL_query_publication_table, OBJECT_PUBLICATION_TABLE, 0},
    {SQL_query_publication_schema, OBJECT_PUBLICATION_SCHEMA, 15},
    {SQL_query_subscription, OBJECT_SUBSCRIPTION, 0},
    {SQL_query_default_privileges, OBJECT_DEFAULT_PRIVILEGES, 0},
    {SQL_query_system_object, OBJECT_SYSTEM_OBJECT, 0},
};
const size_t catalog_query_count = sizeof(catalog_queries) / sizeof(*catalog_queries);

/* The number behind `word` in a comment, or `otherwise`. */
static int version_behind(struct str comment, const char *word, int otherwise)
{
	const char *found = memmem(comment.text, comment.len, word, strlen(word));

	return found ? atoi(found + strlen(word)) : otherwise;
}

/* Where the comment about versions begins at the end of a line, or its length. */
static size_t version_comment(struct str line)
{
	const char *since = memmem(line.text, line.len, "-- since ", 9);
	const char *before = memmem(line.text, line.len, "-- before ", 10);
	const char *comment = since ? since : before;

	return comment ? (size_t)(comment - line.text) : line.len;
}

const char *sql_of_version(struct arena *arena, const char *sql, int major)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(sql);
	struct str line;

	while (str_line_next(&rest, &line)) {
		const size_t end = version_comment(line);
		const struct str comment = str_slice(line, end, line.len);

		if (major < version_behind(comment, "since ", 0) || major >= version_behind(comment, "before ", 1000))
			continue;
		buffer_add(&text, str_slice(line, 0, end));
		buffer_char(&text, '\n');
	}
	return buffer_cstr(&text);
}

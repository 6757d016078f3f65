/*
 * The table of kinds. A kind without a row has no rules yet, and whatever changes of it is told as
 * unmodelled.
 */
#include "generate/change_plan_internal.h"

static const struct kind_rules *const kind_rules[OBJECT_KIND_COUNT] = {
    [OBJECT_SCHEMA] = &schema_rules,
    [OBJECT_EXTENSION] = &extension_rules,
    [OBJECT_LANGUAGE] = &language_rules,
    [OBJECT_ACCESS_METHOD] = &access_method_rules,
    [OBJECT_COLLATION] = &collation_rules,
    [OBJECT_BASE_TYPE] = &base_type_rules,
    [OBJECT_ENUM] = &enum_rules,
    [OBJECT_DOMAIN] = &domain_rules,
    [OBJECT_COMPOSITE_TYPE] = &composite_type_rules,
    [OBJECT_RANGE_TYPE] = &range_type_rules,
    [OBJECT_FUNCTION] = &function_rules,
    [OBJECT_PROCEDURE] = &function_rules,
    [OBJECT_AGGREGATE] = &aggregate_rules,
    [OBJECT_CAST] = &cast_rules,
    [OBJECT_TRANSFORM] = &transform_rules,
    [OBJECT_CONVERSION] = &conversion_rules,
    [OBJECT_OPERATOR] = &operator_rules,
    [OBJECT_OPERATOR_FAMILY] = &operator_family_rules,
    [OBJECT_OPERATOR_CLASS] = &operator_class_rules,
    [OBJECT_TEXT_SEARCH_PARSER] = &text_search_parser_rules,
    [OBJECT_TEXT_SEARCH_TEMPLATE] = &text_search_template_rules,
    [OBJECT_TEXT_SEARCH_DICTIONARY] = &text_search_dictionary_rules,
    [OBJECT_TEXT_SEARCH_CONFIGURATION] = &text_search_configuration_rules,
    [OBJECT_FOREIGN_DATA_WRAPPER] = &foreign_data_wrapper_rules,
    [OBJECT_SERVER] = &server_rules,
    [OBJECT_USER_MAPPING] = &user_mapping_rules,
    [OBJECT_SEQUENCE] = &sequence_rules,
    [OBJECT_TABLE] = &table_rules,
    [OBJECT_FOREIGN_TABLE] = &table_rules,
    [OBJECT_VIEW] = &view_rules,
    [OBJECT_MATERIALIZED_VIEW] = &materialized_view_rules,
    [OBJECT_ATTRIBUTE] = &type_attribute_rules,
    [OBJECT_COLUMN] = &column_rules,
    [OBJECT_DEFAULT] = &default_rules,
    [OBJECT_NOT_NULL] = &not_null_rules,
    [OBJECT_CONSTRAINT] = &constraint_rules,
    [OBJECT_INDEX] = &index_rules,
    [OBJECT_STATISTICS] = &statistics_rules,
    [OBJECT_RULE] = &rule_rules,
    [OBJECT_TRIGGER] = &trigger_rules,
    [OBJECT_POLICY] = &policy_rules,
    [OBJECT_EVENT_TRIGGER] = &event_trigger_rules,
    [OBJECT_PUBLICATION] = &publication_rules,
    [OBJECT_PUBLICATION_TABLE] = &publication_table_rules,
    [OBJECT_PUBLICATION_SCHEMA] = &publication_schema_rules,
    [OBJECT_SUBSCRIPTION] = &subscription_rules,
    [OBJECT_DEFAULT_PRIVILEGES] = &default_privileges_rules,
    [OBJECT_SYSTEM_OBJECT] = &system_object_rules,
};

void plan_give_rules(struct change_plan *plan)
{
	static const struct kind_rules none = {.create = NULL};

	for (size_t i = 0; i < plan->node_count; i++) {
		const struct kind_rules *rules = kind_rules[object_kind_number(node_object(&plan->nodes[i])->kind)];

		plan->nodes[i].rules = rules ? rules : &none;
	}
}

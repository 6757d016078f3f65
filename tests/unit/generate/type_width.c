#include "generate/change_plan_internal.h"
#include "test.h"

static const struct {
	const char *before;
	const char *after;
	bool keeps;
} type_rows[] = {
    {"integer", "bigint", true},
    {"bigint", "integer", false},
    {"smallint", "real", true},
    {"integer", "real", false},
    {"bigint", "double precision", false},
    {"integer", "numeric", true},
    {"integer", "numeric(10,0)", true},
    {"bigint", "numeric(18,0)", false},
    {"numeric(10,2)", "numeric(12,2)", true},
    {"numeric(10,2)", "numeric(12,4)", true},
    {"numeric(10,2)", "numeric(11,4)", false},
    {"numeric(10,4)", "numeric(10,2)", false},
    {"numeric(10,2)", "numeric", true},
    {"numeric", "numeric(10,2)", false},
    {"numeric(10,0)", "bigint", false},
    {"double precision", "numeric", false},
    {"character varying(10)", "character varying(20)", true},
    {"character varying(20)", "character varying(10)", false},
    {"character varying", "character varying(10)", false},
    {"character varying(10)", "text", true},
    {"text", "character varying", true},
    {"text", "character varying(10)", false},
    {"character(5)", "character varying(5)", true},
    {"character(5)", "character varying(4)", false},
    {"text", "integer", false},
    {"integer", "text", true},
    {"integer[]", "text", true},
    {"integer[]", "bigint[]", true},
    {"bigint[]", "integer[]", false},
    {"integer", "bigint[]", true},
    {"integer[]", "integer", false},
    {"date", "timestamp without time zone", true},
    {"date", "timestamp(0) without time zone", true},
    {"timestamp without time zone", "date", false},
    {"timestamp without time zone", "timestamp(3) without time zone", false},
    {"timestamp(3) without time zone", "timestamp with time zone", true},
    {"timestamp with time zone", "time with time zone", false},
    {"interval(3)", "interval", true},
    {"cidr", "inet", true},
    {"inet", "cidr", false},
    {"json", "jsonb", true},
    {"uuid", "uuid", true},
    {"uuid", "bytea", false},
    {"bit(3)", "bit(5)", false},
    {"bit(3)", "bit varying(5)", true},
    {"app.shape(1)", "app.shape", true},
    {"app.shape", "app.shape(1)", false},
};

TEST(a_type_keeps_the_values_of_another_or_may_lose_some)
{
	scoped_arena struct arena arena = {0};
	const struct catalog none = {0};
	const struct change_plan plan = {.arena = &arena, .from = &none, .to = &none};

	for (size_t i = 0; i < sizeof(type_rows) / sizeof(*type_rows); i++)
		if (type_keeps_values(&plan, type_rows[i].before, type_rows[i].after) != type_rows[i].keeps)
			fail_msg("%s to %s", type_rows[i].before, type_rows[i].after);
	CHECK((type_change_hazards(&plan, "character varying(5)", "text") & HAZARD_REWRITE) == 0);
	CHECK((type_change_hazards(&plan, "numeric(5,1)", "numeric(7,1)") & HAZARD_REWRITE) == 0);
	CHECK(type_change_hazards(&plan, "numeric(5,1)", "numeric(7,2)") == HAZARD_REWRITE);
	CHECK(type_change_hazards(&plan, "integer", "bigint") == HAZARD_REWRITE);
	CHECK(type_change_hazards(&plan, "bigint", "integer") & HAZARD_DATA_LOSS);
}

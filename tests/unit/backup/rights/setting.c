#include "backup/rights/setting.h"

#include <string.h>

#include "base/str.h"
#include "test.h"

TEST(values_of_settings_stay_inside_quotes)
{
	static const struct {
		const char *name, *value, *sql;
	} rows[] = {
	    {"work_mem", "64MB", "'64MB'"},
	    {"app.motto", "it's; DROP", "'it''s; DROP'"},
	    {"search_path", "public", "'public'"},
	    {"Search_Path", "\"$user\", public", "'$user', 'public'"},
	    {"search_path", "\"Odd \"\"Name\"\"\", a,b , \"\"", "'Odd \"Name\"', 'a', 'b', ''"},
	    {"search_path", "", "''"},
	    {"search_path", "  ", "''"},
	    {"search_path", "public;ALTER/**/ROLE/**/me/**/SUPERUSER",
	     "'public;ALTER/**/ROLE/**/me/**/SUPERUSER'"},
	    {"search_path", "\"it's\"", "'it''s'"},
	    {"search_path", "a b", NULL},
	    {"search_path", "a,", NULL},
	    {"search_path", ",a", NULL},
	    {"search_path", "\"open", NULL},
	    {"search_path", "\"a\"b", NULL},
	    {"temp_tablespaces", "\"x;y\"", "'x;y'"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *sql = setting_value_sql(rows[i].name, rows[i].value, &arena);

		CHECK_ROW(i, (!sql && !rows[i].sql) || (sql && rows[i].sql && strcmp(sql, rows[i].sql) == 0));
	}
}

TEST(names_of_settings_are_names)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(setting_name_sql("work_mem", &arena), "\"work_mem\"");
	CHECK_STR(setting_name_sql("app.a b\"c", &arena), "\"app\".\"a b\"\"c\"");
}

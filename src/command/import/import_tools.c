/*
 * The tools differ in how they find files and in what their table says; all the rest is common. So a tool
 * is a row: names, usual places, a reader, a query, and a way to read the table: a row for each
 * migration, one row for the newest, the newest of each line.
 */
#include "command/import/import_project.h"

/* clang-format off */
const struct import_tool import_tools[] = {
	{"alembic", "Alembic", {NULL}, {"alembic_version"},
	 SQL_import_alembic, true, import_read_alembic, NULL, import_take_heads},
	{"golang-migrate", "golang-migrate", {"migrations", "db/migrations"}, {"schema_migrations"},
	 SQL_import_golang, false, import_read_golang, NULL, import_take_up_to},
	{"dbmate", "dbmate", {"db/migrations", "migrations"}, {"schema_migrations"},
	 SQL_import_dbmate, true, import_read_sections, import_cut_dbmate, import_take_each},
	{"goose", "goose", {"migrations", "db/migrations"}, {"goose_db_version"},
	 SQL_import_goose, true, import_read_sections, import_cut_goose, import_take_each},
	{"flyway", "Flyway", {"sql", "src/main/resources/db/migration"}, {"flyway_schema_history", "schema_version"},
	 SQL_import_flyway, false, import_read_flyway, NULL, import_take_flyway},
	{"sqitch", "sqitch", {"."}, {"sqitch.changes"},
	 SQL_import_sqitch, false, import_read_sqitch, NULL, import_take_sqitch},
	{"tern", "tern", {"migrations", "."}, {"schema_version"},
	 SQL_import_tern, true, import_read_tern, import_cut_tern, import_take_up_to},
	{0},
};
/* clang-format on */

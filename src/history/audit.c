#include "history/audit.h"

#include <string.h>

#include "base/buffer.h"

static const struct {
	const char *name;
	bool stops_adoption;
	bool stops_update; /* of the tables of a history of ours */
} kinds[] = {
    [AUDIT_OWNER] = {"owner", true},         [AUDIT_STRANGER] = {"stranger", true, true},
    [AUDIT_GRANT] = {"grant", false},        [AUDIT_TRIGGER] = {"trigger", true},
    [AUDIT_RULE] = {"rule", true},           [AUDIT_ROW_SECURITY] = {"row-security", true},
    [AUDIT_UNLOGGED] = {"unlogged", true},   [AUDIT_PRIMARY_KEY] = {"primary-key", true},
    [AUDIT_INHERITED] = {"inherited", true},
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(*kinds) };

/* Columns of audit.sql. */
enum { COLUMN_KIND, COLUMN_TABLE, COLUMN_WHAT, COLUMN_FIX };

const char *audit_kind_name(enum audit_kind kind)
{
	return kinds[kind].name;
}

static enum audit_kind read_kind(const char *name)
{
	size_t i = 0;

	while (i + 1 < KIND_COUNT && strcmp(kinds[i].name, name) != 0)
		i++;
	return (enum audit_kind)i;
}

bool history_audit(struct session *db, const struct qualified_name *table, struct arena *arena,
                   struct audit *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, query_render(arena, SQL_history_audit, table), NO_PARAMS, &rows, err))
		return error_context(err, "while looking who may write to the history");

	struct audit audit = {.count = rows_count(rows)};
	audit.findings = arena_array(arena, struct audit_finding, audit.count);
	for (size_t i = 0; i < audit.count; i++)
		audit.findings[i] = (struct audit_finding){
		    .kind = read_kind(rows_text(rows, i, COLUMN_KIND)),
		    .table = rows_copy(rows, i, COLUMN_TABLE, arena),
		    .what = rows_copy(rows, i, COLUMN_WHAT, arena),
		    .fix = rows_copy(rows, i, COLUMN_FIX, arena),
		};
	*out = audit;
	return true;
}

bool audit_check_adoption(struct session *db, const struct qualified_name *table, bool is_ours,
                          struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer what = {.arena = &arena};
	struct buffer fix = {.arena = &arena};
	struct audit audit;

	if (!history_audit(db, table, &arena, &audit, err))
		return false;
	for (size_t i = 0; i < audit.count; i++) {
		const enum audit_kind kind = audit.findings[i].kind;

		if (is_ours ? !kinds[kind].stops_update : !kinds[kind].stops_adoption)
			continue;
		buffer_printf(&what, "%s%s %s", what.len ? "; " : "", audit.findings[i].table,
		              audit.findings[i].what);
		buffer_printf(&fix, "%s;\n", audit.findings[i].fix);
	}
	if (what.len == 0)
		return true;
	error_set(err, ERROR_CONFIG, "the table \"%s.%s\" is not taken over as the history as it is",
	          table->schema, table->name);
	error_detail(err, "%s.", buffer_cstr(&what));
	return error_hint(err,
	                  "Make it right, or keep the history elsewhere with --history-table SCHEMA.TABLE:\n%s",
	                  buffer_cstr(&fix));
}

/*
 * A table of the history is one that rung writes to with the rights of the role that runs it, often a
 * superuser, and a trigger on it, a rule, a default or an index with an expression runs code of the role that
 * made it. So what hangs on the tables is looked at before they are written to; the two queries find it, and
 * this decides what it means.
 *
 * There are two moments with two measures. Before an ordinary write, only what runs code of somebody who is
 * not trusted stops it; a trigger that runs trusted code is its owner's affair. When tables become the
 * history (adoption), whatever could take rows away stops it as well: later, each write counts its rows and
 * would fail, in the middle of a migration.
 *
 * A finding brings the statement that ends it. They work in the order of the findings, which is why the
 * hint may be cut: what is left is found next time. One thing may be found twice, as a trigger and as code;
 * it is told once, in the form that names who is not trusted.
 */
#include "history/audit.h"

#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "pg/history_table.h"

static const struct {
	const char *name;
	bool stops_writing;  /* where its role is not trusted, or there is none */
	bool stops_adoption; /* in any case */
} kinds[] = {
    [AUDIT_OWNER] = {"owner", .stops_writing = true},
    [AUDIT_CODE] = {"code", .stops_writing = true, .stops_adoption = true},
    [AUDIT_INHERITED] = {"inherited", .stops_writing = true},
    [AUDIT_PARENT] = {"parent", .stops_writing = true},
    [AUDIT_GRANT] = {"grant", .stops_adoption = false},
    [AUDIT_TRIGGER] = {"trigger", .stops_adoption = true},
    [AUDIT_RULE] = {"rule", .stops_adoption = true},
    [AUDIT_ROW_SECURITY] = {"row-security", .stops_adoption = true},
    [AUDIT_UNLOGGED] = {"unlogged", .stops_adoption = true},
    [AUDIT_PRIMARY_KEY] = {"primary-key", .stops_adoption = true},
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(*kinds) };

/* Columns of guard.sql; audit.sql has the first four. */
enum { COLUMN_KIND, COLUMN_TABLE, COLUMN_WHAT, COLUMN_FIX, COLUMN_OWNER, COLUMN_IS_TRUSTED };

const char *audit_kind_name(enum audit_kind kind)
{
	return kinds[kind].name;
}

/* The queries are ours, and so are their words; one that no row has is taken for the worst. */
static enum audit_kind read_kind(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return (enum audit_kind)i;
	assert(false); /* a kind of finding without a row */
	return AUDIT_CODE;
}

static struct audit_finding *find_fix(const struct audit *audit, const char *fix)
{
	for (size_t i = 0; i < audit->count; i++)
		if (strcmp(audit->findings[i].fix, fix) == 0)
			return &audit->findings[i];
	return NULL;
}

/*
 * A trigger that runs code of somebody's is found as both; one statement ends it. Who is not trusted is said.
 */
static void add_finding(const struct audit_finding *finding, struct arena *arena, struct audit *out)
{
	struct audit_finding *same = find_fix(out, finding->fix);

	if (!same || (finding->owner && !finding->is_trusted))
		*ARENA_PUSH(arena, out->findings, out->count) = *finding;
	else if (same->is_trusted && !finding->owner)
		*same = *finding;
}

static void add_findings(const struct rows *rows, bool has_owners, struct arena *arena, struct audit *out)
{
	for (size_t i = 0; i < rows_count(rows); i++)
		add_finding(
		    &(struct audit_finding){
		        .kind = read_kind(rows_text(rows, i, COLUMN_KIND)),
		        .table = rows_copy(rows, i, COLUMN_TABLE, arena),
		        .what = rows_copy(rows, i, COLUMN_WHAT, arena),
		        .fix = rows_copy(rows, i, COLUMN_FIX, arena),
		        .owner = has_owners ? rows_copy(rows, i, COLUMN_OWNER, arena) : NULL,
		        .is_trusted = has_owners && rows_flag(rows, i, COLUMN_IS_TRUSTED),
		    },
		    arena, out);
}

static bool look(struct session *db, const char *sql, struct params params, struct arena *arena,
                 struct audit *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, sql, params, &rows, err))
		return error_context(err, "while checking who can write to the history");
	add_findings(rows, params.count > 0, arena, out);
	return true;
}

static bool look_for_code(struct session *db, const struct qualified_name *table, struct arena *arena,
                          struct audit *out, struct error *err)
{
	return look(db, SQL_history_guard, PARAMS(history_table_array(table, arena)), arena, out, err);
}

bool history_audit(struct session *db, const struct qualified_name *table, struct arena *arena,
                   struct audit *out, struct error *err)
{
	struct audit audit = {0};

	if (!look_for_code(db, table, arena, &audit, err) ||
	    !look(db, query_render(arena, SQL_history_audit, table), NO_PARAMS, arena, &audit, err))
		return false;
	*out = audit;
	return true;
}

/* --- refusing ------------------------------------------------------------- */

static bool stops(const struct audit_finding *finding, const char *trusted_owner, bool is_adoption)
{
	const bool is_trusted = finding->is_trusted ||
	                        (finding->owner && trusted_owner && strcmp(finding->owner, trusted_owner) == 0);

	return (kinds[finding->kind].stops_writing && !is_trusted) ||
	       (is_adoption && kinds[finding->kind].stops_adoption);
}

static const char *advice(const char *owner, struct arena *arena)
{
	if (!owner)
		return "Fix it, or keep the history elsewhere with --history-table SCHEMA.TABLE:";
	return arena_printf(arena,
	                    "Run rung as that role (--role %s); or, if that role may run code with your rights, "
	                    "allow it with --history-owner %s (history_owner in rung.ini); or keep the history "
	                    "elsewhere with --history-table SCHEMA.TABLE; or fix it:",
	                    shell_word(arena, owner), shell_word(arena, owner));
}

/* A hint holds about a thousand bytes. The statements work in their order, so the rest can come next time. */
static const char *fixes(const struct audit *stopping, struct arena *arena)
{
	enum { MOST = 600 };
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < stopping->count; i++) {
		if (text.len + strlen(stopping->findings[i].fix) > MOST) {
			buffer_text(&text, "-- and what else \"rung check\" lists\n");
			break;
		}
		buffer_printf(&text, "%s;\n", stopping->findings[i].fix);
	}
	return buffer_cstr(&text);
}

static const char *reasons(const struct audit *stopping, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < stopping->count; i++)
		buffer_printf(&text, "%s%s %s", i ? "; " : "", stopping->findings[i].table,
		              stopping->findings[i].what);
	return buffer_cstr(&text);
}

/* Of the tables, which come first. */
static const char *first_owner(const struct audit *stopping)
{
	return stopping->findings[0].kind == AUDIT_OWNER ? stopping->findings[0].owner : NULL;
}

static bool refuse(const struct audit *audit, const struct qualified_name *table, const char *trusted_owner,
                   bool is_adoption, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct audit stopping = {0};

	for (size_t i = 0; i < audit->count; i++)
		if (stops(&audit->findings[i], trusted_owner, is_adoption))
			*ARENA_PUSH(&arena, stopping.findings, stopping.count) = audit->findings[i];
	if (stopping.count == 0)
		return true;
	error_set(err, ERROR_CONFIG,
	          is_adoption ? "the table \"%s.%s\" is not adopted as the history in this state"
	                      : "the history \"%s.%s\" is not written to in this state",
	          table->schema, table->name);
	error_detail(err, "%s.", reasons(&stopping, &arena));
	return error_hint(err, "%s\n%s", advice(first_owner(&stopping), &arena), fixes(&stopping, &arena));
}

bool audit_check_writing(struct session *db, const struct qualified_name *table, const char *trusted_owner,
                         struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct audit audit = {0};

	return look_for_code(db, table, &arena, &audit, err) && refuse(&audit, table, trusted_owner, false, err);
}

bool audit_check_adoption(struct session *db, const struct qualified_name *table, const char *trusted_owner,
                          struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct audit audit;

	return history_audit(db, table, &arena, &audit, err) && refuse(&audit, table, trusted_owner, true, err);
}

const char *history_owner(struct session *db, const struct qualified_name *table, struct arena *arena)
{
	scoped_rows struct rows *rows = NULL;
	struct error ignored = {0};

	if (!query(db, SQL_history_owner, PARAMS(qualified_name_quote(arena, table)), &rows, &ignored) ||
	    rows_count(rows) == 0)
		return NULL;
	return rows_copy(rows, 0, ONLY_COLUMN, arena);
}

#include "backup/restoring.h"

#include <string.h>

#include "base/buffer.h"

/* As SQL has arrays: {"a","b"}. */
static const char *array_text(const char *const *names, size_t count, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_char(&text, '{');
	for (size_t i = 0; i < count; i++) {
		buffer_text(&text, i ? ",\"" : "\"");
		for (const char *c = names[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buffer_char(&text, '\\');
			buffer_char(&text, *c);
		}
		buffer_char(&text, '"');
	}
	buffer_char(&text, '}');
	return buffer_cstr(&text);
}

static const char *joined(const struct rows *rows, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(&text, "%s\"%s\"", i ? ", " : "", rows_text(rows, i, 0));
	return buffer_cstr(&text);
}

static bool make_roles(struct restoring *it, const struct rows *missing, struct error *err)
{
	for (size_t i = 0; i < rows_count(missing); i++)
		if (!execute(
		        it->beside,
		        arena_printf(it->arena, "CREATE ROLE %s", quote_name(it->arena, rows_text(missing, i, 0))),
		        NO_PARAMS, err))
			return false;
	return true;
}

static bool check_roles(struct restoring *it, struct error *err)
{
	const struct facts *facts = &it->proof->facts;
	scoped_rows struct rows *rows = NULL;
	const char *wanted = array_text(facts->roles, facts->role_count, it->arena);

	if (!query(it->beside, SQL_backup_restore_roles, PARAMS(wanted), &rows, err))
		return false;
	if (it->options->makes_roles)
		return make_roles(it, rows, err);
	if (rows_count(rows) == 0 || (it->options->no_owner && it->options->no_acl))
		return true;
	error_set(err, ERROR_STORAGE, "the server lacks roles that the backup speaks of: %s",
	          joined(rows, it->arena));
	return error_hint(err, "Create them, or restore with --no-owner --no-acl.");
}

static bool check_extensions(struct restoring *it, struct error *err)
{
	const struct facts *facts = &it->proof->facts;
	scoped_rows struct rows *rows = NULL;
	const char **names = arena_array(it->arena, const char *, facts->extension_count + 1);

	for (size_t i = 0; i < facts->extension_count; i++)
		names[i] = facts->extensions[i].name;
	const char *wanted = array_text(names, facts->extension_count, it->arena);
	if (!query(it->beside, SQL_backup_restore_extensions, PARAMS(wanted), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return true;
	error_set(err, ERROR_STORAGE, "the server lacks extensions that the backup needs: %s",
	          joined(rows, it->arena));
	return error_hint(err, "Install their packages on the server.");
}

static bool check_absent(struct restoring *it, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(it->beside, SQL_backup_restore_exists, PARAMS(it->options->into), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return true;
	error_set(err, ERROR_USAGE, "cannot restore into \"%s\": a database of that name exists",
	          it->options->into);
	return error_hint(err,
	                  "A restore makes a new database; choose another name, and --swap to put it in place.");
}

bool preflight_check(struct restoring *it, struct error *err)
{
	if (!check_absent(it, err))
		return false;
	return !it->proof->has_facts || (check_roles(it, err) && check_extensions(it, err));
}

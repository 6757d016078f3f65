/*
 * The order is by what a refusal leaves behind. The name comes first, since with a wrong one nothing else
 * matters. Roles are the only thing that is made here (--globals, and a server that is thrown away), so
 * everything that can be refused without them is asked before. The rights come after the roles and not
 * before: the queries join the roles of the archive with those of the server, so a role that is missing
 * is not reported by them. A refusal then leaves the roles behind.
 *
 * What is missing is judged by what it means for the data. Without an extension its types do not exist:
 * refused, unless extensions are skipped. Without a tablespace the files lie elsewhere: a warning.
 * Without the rights of a superuser a part cannot be made: refused with the option that leaves it out,
 * unless a hosted service is known to allow more than its catalogs say.
 */
#include "backup/restore/restore_internal.h"

#include <string.h>
#include <sys/statvfs.h>

#include "backup/restore/globals.h"
#include "base/buffer.h"

struct names {
	const char **items;
	size_t count;
};

/* Asks which of `wanted` the server lacks. */
static bool find_missing(struct restoring *it, const char *sql, const struct names *wanted, struct names *out,
                         struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *array = array_text(wanted->items, wanted->count, it->arena);

	if (!query(it->beside, sql, PARAMS(array), &rows, err))
		return false;
	*out = (struct names){0};
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(it->arena, out->items, out->count) = rows_copy(rows, i, ONLY_COLUMN, it->arena);
	return true;
}

static const char *listed(const struct names *names, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < names->count; i++)
		buffer_printf(&text, "%s\"%s\"", i ? ", " : "", names->items[i]);
	return buffer_cstr(&text);
}

/* --- roles ------------------------------------------------------------ */

static bool make_roles(struct restoring *it, const char *sql, struct error *err)
{
	event_note(it->options->reporter, "creating roles: %s", sql);
	return execute_simple(it->beside, sql, NULL, NULL, err) ||
	       error_context(err, "while creating the roles that the backup needs");
}

static bool refuse_roles(struct restoring *it, const struct names *missing, const char *sql,
                         struct error *err)
{
	const bool are_known = it->proof->summary.globals;

	error_set(err, ERROR_STORAGE, "the server lacks roles that the backup needs: %s",
	          listed(missing, it->arena));
	error_detail(err, "This creates them%s; backups contain no passwords:\n%s",
	             are_known ? " as they were" : "", sql);
	return error_hint(err, "Create them%s, or restore with --no-owner --no-acl.",
	                  are_known ? " (--globals does)" : "");
}

static bool check_roles(struct restoring *it, struct error *err)
{
	const struct database_summary *summary = &it->proof->summary;
	const struct restore_options *options = it->options;
	const struct names wanted = {summary->roles, summary->role_count};
	struct buffer sql = {.arena = it->arena};
	struct names missing;

	if (options->with_globals && !summary->globals) {
		error_set(err, ERROR_USAGE, "the backup contains no roles: it was made without --globals");
		return error_hint(err, "Restore without --globals; missing roles are then listed.");
	}
	if (!find_missing(it, SQL_restore_roles, &wanted, &missing, err))
		return false;
	if (missing.count == 0 || (options->no_owner && options->no_acl && !options->with_globals))
		return true;
	/* For a server that is thrown away names are enough. */
	if (!globals_roles(options->makes_roles ? NULL : summary->globals, missing.items, missing.count, &sql,
	                   err))
		return false;
	if (options->makes_roles)
		return execute_simple(it->beside, buffer_cstr(&sql), NULL, NULL, err);
	return options->with_globals ? make_roles(it, buffer_cstr(&sql), err)
	                             : refuse_roles(it, &missing, buffer_cstr(&sql), err);
}

/* --- what else there must be ------------------------------------------ */

static bool refuse_lacking(struct restoring *it, struct error *err)
{
	const struct rights *rights = &it->rights;
	const char *advice = rights_advice(rights, it->arena);

	error_set(err, ERROR_STORAGE, "the role \"%s\" cannot restore all of the backup on this server",
	          rights->role);
	error_detail(err, "%s", rights->lacking);
	if (!*advice)
		return error_hint(err, "Restore as a superuser, or on a server where the role may.");
	return error_hint(
	    err, "Restore as a superuser, or leave it out with %s.%s", advice,
	    rights->offers_no_owner ? " With --no-owner everything belongs to the role that restores." : "");
}

/* Before anything is made: pg_restore would find out when all rows are there. */
static bool check_rights(struct restoring *it, struct error *err)
{
	const struct proof *proof = it->proof;
	const struct restore_options *options = it->options;
	const struct rights_options wish = {
	    .role = options->connection.role,
	    .database_owner = proof->has_summary && !options->no_owner ? proof->summary.database.owner : NULL,
	    .no_owner = options->no_owner,
	    .no_acl = options->no_acl,
	    .skip = options->skip,
	};

	if (proof->core != CORE_ARCHIVE)
		return true;
	if (!rights_look(it->beside, &proof->list, proof->has_summary ? &proof->summary : NULL, &wish, it->arena,
	                 &it->rights, err))
		return false;
	if (*it->rights.lacking && !it->rights.is_hosted)
		return refuse_lacking(it, err);
	if (*it->rights.lacking)
		event_warning(options->reporter,
		              "only an attempt shows whether the service lets this role restore it: %s",
		              it->rights.lacking);
	if (it->rights.skipped_text)
		event_warning(options->reporter, "left out: %s", it->rights.skipped_text);
	return true;
}

static bool check_extensions(struct restoring *it, struct error *err)
{
	const struct database_summary *summary = &it->proof->summary;
	struct names wanted = {0};
	struct names missing;

	for (size_t i = 0; i < summary->extension_count; i++)
		*ARENA_PUSH(it->arena, wanted.items, wanted.count) = summary->extensions[i].name;
	if (!find_missing(it, SQL_restore_extensions, &wanted, &missing, err))
		return false;
	if (missing.count == 0 || it->options->skip.kinds[SKIP_EXTENSIONS])
		return true;
	error_set(err, ERROR_STORAGE, "the server lacks extensions that the backup needs: %s",
	          listed(&missing, it->arena));
	return error_hint(err, "Install their packages on the server.");
}

/* Where things lie changes nothing of what they are. */
static bool check_tablespaces(struct restoring *it, struct error *err)
{
	const struct database_summary *summary = &it->proof->summary;
	struct names wanted = {0};
	struct names missing;

	for (size_t i = 0; i < summary->tablespace_count; i++)
		*ARENA_PUSH(it->arena, wanted.items, wanted.count) = summary->tablespaces[i];
	if (summary->database.tablespace)
		*ARENA_PUSH(it->arena, wanted.items, wanted.count) = summary->database.tablespace;
	if (!find_missing(it, SQL_restore_tablespaces, &wanted, &missing, err))
		return false;
	it->no_tablespaces = missing.count > 0;
	if (it->no_tablespaces && !it->options->is_drill)
		event_warning(it->options->reporter,
		              "the server lacks the tablespaces %s: everything goes to the default one",
		              listed(&missing, it->arena));
	return true;
}

/* --- space ------------------------------------------------------------ */

/*
 * As far as can be known: the server is on this machine, and says where its
 * data is. A database that has grown holes comes back smaller than it was, so
 * only what cannot be enough is refused.
 */
static bool check_space(struct restoring *it, struct error *err)
{
	enum { LEAST_PART = 4 };
	scoped_rows struct rows *rows = NULL;
	const int64_t size = it->proof->summary.database.size;
	struct statvfs disk;

	if (!query(it->beside, SQL_restore_disk, NO_PARAMS, &rows, err))
		return false;
	if (rows_count(rows) == 0 || !rows_text(rows, 0, ONLY_COLUMN) ||
	    statvfs(rows_text(rows, 0, ONLY_COLUMN), &disk) < 0)
		return true;
	const int64_t free_size = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	const char *text =
	    arena_printf(it->arena, "the database had %lld MB, and \"%s\" has %lld MB left",
	                 (long long)(size >> 20), rows_text(rows, 0, ONLY_COLUMN), (long long)(free_size >> 20));
	if (free_size < size / LEAST_PART) {
		error_set(err, ERROR_STORAGE, "the server's disk is too full: %s", text);
		return error_hint(err, "Free some space, or restore on another server.");
	}
	if (free_size < size)
		event_warning(it->options->reporter, "the server's disk may become full: %s", text);
	return true;
}

bool preflight_check(struct restoring *it, struct error *err)
{
	if (!creation_check_absent(it->beside, it->options->into, it->arena, err))
		return false;
	if (it->proof->has_summary && !(check_extensions(it, err) && check_tablespaces(it, err) &&
	                                check_space(it, err) && check_roles(it, err)))
		return false;
	return check_rights(it, err);
}

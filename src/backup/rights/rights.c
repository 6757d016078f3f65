/*
 * A forecast, in the order in which a restore would fail. Each entry is made by the role
 * (rights_rules.c), then given to its owner, which takes SET ROLE to the owner and, for the owner, CREATE
 * in the schema; default privileges are set as their role; the database's settings come last, from the
 * role that logged in. An entry that cannot be made or is left out is not asked about again: it will have
 * no owner.
 *
 * Whether a setting may be made is tried, in a transaction that is rolled back. It depends on the
 * setting, the extension that defines it, GRANT SET ON PARAMETER and the server's version, and 42501 is
 * the server's own answer to all of it. Other errors say something about the value, which the restore
 * will report.
 *
 * Reasons are collected before anything is said, so that one run names all of them.
 */
#include "backup/rights/rights.h"

#include <string.h>

#include "backup/rights/rights_rules.h"
#include "backup/rights/setting.h"

enum { NAMES_SHOWN = 5 };

/* One reason, and what it is the reason for. */
struct finding {
	const char *why;
	struct buffer names;
	size_t count;
};

struct look {
	struct session *db;
	const struct archive_list *list;
	const struct database_summary *summary;
	const struct rights_options *options;
	struct arena *arena;
	struct rights_role role;
	struct rights rights;
	bool *refused; /* of the entries: what cannot be made, no matter who would own it */
	struct finding *findings;
	size_t finding_count;
};

/* --- what was found ----------------------------------------------------- */

static struct finding *finding_of(struct look *it, const char *why)
{
	for (size_t i = 0; i < it->finding_count; i++)
		if (strcmp(it->findings[i].why, why) == 0)
			return &it->findings[i];
	struct finding *found = ARENA_PUSH(it->arena, it->findings, it->finding_count);
	*found = (struct finding){.why = why, .names = {.arena = it->arena}};
	return found;
}

static void find(struct look *it, const char *name, const char *why)
{
	struct finding *finding = finding_of(it, why);

	if (finding->count++ < NAMES_SHOWN)
		buffer_printf(&finding->names, "%s%s", finding->names.len ? ", " : "", name);
}

static const char *lines(struct look *it)
{
	struct buffer text = {.arena = it->arena};

	for (size_t i = 0; i < it->finding_count; i++) {
		const struct finding *finding = &it->findings[i];

		buffer_printf(&text, "%s%s", text.len ? "\n" : "", buffer_cstr(&it->findings[i].names));
		if (finding->count > NAMES_SHOWN)
			buffer_printf(&text, " and %zu more", finding->count - NAMES_SHOWN);
		buffer_printf(&text, ": %s", finding->why);
	}
	return buffer_cstr(&text);
}

/* --- the role ----------------------------------------------------------- */

/* The columns of rights_role.sql. */
enum {
	ROLE_NAME,
	ROLE_IS_SUPERUSER,
	ROLE_IS_HOSTED,
	ROLE_MAY_CREATE,
	ROLE_MAY_SUBSCRIBE,
	ROLE_MAY_CREATE_DATABASES,
	ROLE_LOGIN,
};

static bool look_at_role(struct look *it, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(it->db, SQL_rights_role, PARAMS(it->options->role, it->options->database_owner), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_CONFIG, "there is no role \"%s\" on the server", it->options->role);
	it->rights.role = rows_copy(rows, 0, ROLE_NAME, it->arena);
	it->rights.is_hosted = rows_flag(rows, 0, ROLE_IS_HOSTED);
	it->rights.may_create_databases = rows_flag(rows, 0, ROLE_MAY_CREATE_DATABASES);
	it->role = (struct rights_role){
	    .server_major = session_server_version(it->db) / 10000,
	    .is_superuser = rows_flag(rows, 0, ROLE_IS_SUPERUSER),
	    .may_create = rows_flag(rows, 0, ROLE_MAY_CREATE),
	    .may_subscribe = rows_flag(rows, 0, ROLE_MAY_SUBSCRIBE),
	    .login = rows_copy(rows, 0, ROLE_LOGIN, it->arena),
	};
	return true;
}

/* --- entries ------------------------------------------------------------ */

/* The columns of rights_extensions.sql. */
enum {
	EXTENSION_NAME,
	EXTENSION_IS_KNOWN,
	EXTENSION_NEEDS_SUPERUSER,
};

/* What it takes to create an extension the server alone knows; one it lacks needs more than rights. */
static bool look_at_extensions(struct look *it, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < it->list->count; i++)
		if (strcmp(it->list->entries[i].type, "EXTENSION") == 0)
			*ARENA_PUSH(it->arena, names, count) = str_copy(it->arena, it->list->entries[i].name);
	if (!query(it->db, SQL_rights_extensions, PARAMS(array_text(names, count, it->arena)), &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(it->arena, it->role.extensions, it->role.extension_count) = (struct extension_rights){
		    rows_copy(rows, i, EXTENSION_NAME, it->arena), rows_flag(rows, i, EXTENSION_IS_KNOWN),
		    rows_flag(rows, i, EXTENSION_NEEDS_SUPERUSER)};
	return true;
}

static void offer(struct look *it, const struct rights_rule *rule)
{
	if (rule->kind != SKIP_NONE)
		it->rights.offered.kinds[rule->kind] = true;
	it->rights.offers_no_owner |= rule->remedy == REMEDY_NO_OWNER;
	it->rights.offers_no_acl |= rule->remedy == REMEDY_NO_ACL;
}

static bool is_left_out(const struct look *it, const struct rights_rule *rule)
{
	return (rule->kind != SKIP_NONE && it->options->skip.kinds[rule->kind]) ||
	       (rule->remedy == REMEDY_NO_OWNER && it->options->no_owner) ||
	       (rule->remedy == REMEDY_NO_ACL && it->options->no_acl);
}

static void look_at_entry(struct look *it, size_t i)
{
	const struct archive_entry *entry = &it->list->entries[i];
	const struct rights_rule *rule = rights_rule_broken(&it->role, it->list, entry, it->arena);

	it->rights.skipped[i] = skip_takes_type(&it->options->skip, entry->type);
	if (!rule || it->rights.skipped[i])
		return;
	if (is_left_out(it, rule)) {
		it->rights.skipped[i] = rule->kind != SKIP_NONE;
		return;
	}
	it->refused[i] = true;
	offer(it, rule);
	find(it, skip_entry_text(entry, it->arena), rule->why);
}

static bool look_at_entries(struct look *it, struct error *err)
{
	struct finding out = {.names = {.arena = it->arena}};

	it->rights.skipped = arena_array(it->arena, bool, it->list->count + 1);
	it->refused = arena_array(it->arena, bool, it->list->count + 1);
	for (size_t i = 0; i < it->list->count; i++)
		look_at_entry(it, i);
	if (!skip_dependents(it->list, it->rights.skipped, err))
		return false;
	for (size_t i = 0; i < it->list->count; i++)
		if (it->rights.skipped[i])
			buffer_printf(&out.names, "%s%s", out.names.len ? ", " : "",
			              skip_entry_text(&it->list->entries[i], it->arena));
	it->rights.skipped_text = out.names.len ? buffer_cstr(&out.names) : NULL;
	return true;
}

/* --- owners ------------------------------------------------------------- */

struct names {
	const char **items;
	size_t count;
};

static void add_once(struct look *it, struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return;
	*ARENA_PUSH(it->arena, names->items, names->count) = name;
}

static bool is_owned(const struct look *it, size_t i)
{
	const struct archive_entry *entry = &it->list->entries[i];

	return entry->owner && !it->rights.skipped[i] && !it->refused[i] && rights_gives_away(entry);
}

/* In whose place `role` cannot act: `what` is theirs. */
static bool look_at_givers(struct look *it, const char *role, const struct names *owners, const char *what,
                           bool *offered, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(it->db, SQL_rights_owners, PARAMS(role, array_text(owners->items, owners->count, it->arena)),
	           &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		*offered = true;
		find(it, arena_printf(it->arena, "%s \"%s\"", what, rows_text(rows, i, ONLY_COLUMN)),
		     arena_printf(it->arena, "\"%s\" must be able to SET ROLE to the owner", role));
	}
	return true;
}

/* ALTER DEFAULT PRIVILEGES FOR ROLE: the same right, no matter who owns what is there already. */
static bool look_at_defaults(struct look *it, struct error *err)
{
	struct names owners = {0};

	for (size_t i = 0; i < it->list->count && !it->options->no_acl; i++)
		if (strcmp(it->list->entries[i].type, "DEFAULT ACL") == 0 && it->list->entries[i].owner)
			add_once(it, &owners, it->list->entries[i].owner);
	return look_at_givers(it, it->rights.role, &owners, "default privileges of", &it->rights.offers_no_acl,
	                      err);
}

/* Whose schema it is when things in it get their owners: privileges come last. NULL: everybody may create. */
static const char *schema_owner(const struct look *it, const char *schema)
{
	enum { PUBLIC_IS_THE_OWNERS = 15 };
	const char *fallback = it->options->database_owner ? it->options->database_owner : it->role.login;

	for (size_t i = 0; i < it->list->count; i++) {
		const struct archive_entry *entry = &it->list->entries[i];

		if (strcmp(entry->type, "SCHEMA") == 0 && str_is(entry->name, schema) && is_owned(it, i) &&
		    strcmp(entry->owner, "pg_database_owner") != 0)
			return entry->owner;
	}
	return strcmp(schema, "public") == 0 && it->role.server_major < PUBLIC_IS_THE_OWNERS ? NULL : fallback;
}

static void add_pair(struct look *it, struct names columns[3], const struct archive_entry *entry)
{
	const char *owner = schema_owner(it, entry->schema);

	for (size_t i = 0; i < columns[0].count; i++)
		if (strcmp(columns[0].items[i], entry->owner) == 0 && strcmp(columns[1].items[i], entry->schema) == 0)
			return;
	if (!owner || strcmp(owner, entry->owner) == 0)
		return;
	*ARENA_PUSH(it->arena, columns[0].items, columns[0].count) = entry->owner;
	*ARENA_PUSH(it->arena, columns[1].items, columns[1].count) = entry->schema;
	*ARENA_PUSH(it->arena, columns[2].items, columns[2].count) = owner;
}

/* The columns of rights_creators.sql. */
enum {
	CREATOR_ROLE,
	CREATOR_SCHEMA,
};

/* A new owner must be allowed to create in the schema. */
static bool look_at_creators(struct look *it, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct names columns[3] = {0};

	for (size_t i = 0; i < it->list->count; i++)
		if (is_owned(it, i) && it->list->entries[i].schema)
			add_pair(it, columns, &it->list->entries[i]);
	if (!query(it->db, SQL_rights_creators,
	           PARAMS(array_text(columns[0].items, columns[0].count, it->arena),
	                  array_text(columns[1].items, columns[1].count, it->arena),
	                  array_text(columns[2].items, columns[2].count, it->arena)),
	           &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		it->rights.offers_no_owner = true;
		find(it,
		     arena_printf(it->arena, "what belongs to \"%s\" in the schema \"%s\"",
		                  rows_text(rows, i, CREATOR_ROLE), rows_text(rows, i, CREATOR_SCHEMA)),
		     "only a superuser may give things to a role that may not create in their schema");
	}
	return true;
}

static bool look_at_owners(struct look *it, struct error *err)
{
	struct names owners = {0};
	struct names database = {0};

	bool *offered = &it->rights.offers_no_owner;
	const char *what = "what belongs to";

	if (it->options->no_owner || it->role.is_superuser)
		return true;
	for (size_t i = 0; i < it->list->count; i++)
		if (is_owned(it, i))
			add_once(it, &owners, it->list->entries[i].owner);
	if (it->options->database_owner)
		add_once(it, &database, it->options->database_owner);
	return look_at_givers(it, it->role.login, &database, what, offered, err) &&
	       look_at_givers(it, it->rights.role, &owners, what, offered, err) && look_at_creators(it, err);
}

/* --- settings ----------------------------------------------------------- */

/*
 * It is taken back at once. Sent with SET LOCAL, because ALTER DATABASE needs a database, which is not
 * there yet.
 */
static bool try_setting(struct look *it, const struct setting_summary *setting, bool *is_refused,
                        struct error *err)
{
	const char *value = setting_value_sql(setting->name, setting->value, it->arena);
	struct error refusal = {0};

	*is_refused = false;
	if (!value)
		return true;
	const char *sql =
	    arena_printf(it->arena, "SET LOCAL %s TO %s", setting_name_sql(setting->name, it->arena), value);
	if (!execute(it->db, "BEGIN", NO_PARAMS, err))
		return false;
	*is_refused = !execute(it->db, sql, NO_PARAMS, &refusal) && strcmp(refusal.sqlstate, "42501") == 0;
	session_rollback(it->db);
	return session_is_alive(it->db) || error_set(err, ERROR_SERVER, "%s", refusal.message);
}

static bool roles_out_of_reach(struct look *it, struct names *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct names wanted = {0};

	for (size_t i = 0; i < it->summary->setting_count; i++)
		if (it->summary->settings[i].role)
			add_once(it, &wanted, it->summary->settings[i].role);
	if (!query(it->db, SQL_rights_settings, PARAMS(array_text(wanted.items, wanted.count, it->arena)), &rows,
	           err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(it->arena, out->items, out->count) = rows_copy(rows, i, ONLY_COLUMN, it->arena);
	return true;
}

static bool is_among(const struct names *names, const char *name)
{
	for (size_t i = 0; name && i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static void refuse_setting(struct look *it, size_t i, const char *why)
{
	it->rights.skipped_settings[i] = it->options->skip.kinds[SKIP_SETTINGS];
	if (it->rights.skipped_settings[i])
		return;
	it->rights.offered.kinds[SKIP_SETTINGS] = true;
	find(it, arena_printf(it->arena, "setting \"%s\"", it->summary->settings[i].name), why);
}

static bool look_at_settings(struct look *it, struct error *err)
{
	struct names roles = {0};

	if (!it->summary)
		return true;
	it->rights.skipped_settings = arena_array(it->arena, bool, it->summary->setting_count + 1);
	if (!roles_out_of_reach(it, &roles, err))
		return false;
	for (size_t i = 0; i < it->summary->setting_count; i++) {
		const struct setting_summary *setting = &it->summary->settings[i];
		bool is_refused;

		if (!try_setting(it, setting, &is_refused, err))
			return false;
		if (is_refused)
			refuse_setting(it, i, "this role may not change it");
		else if (is_among(&roles, setting->role))
			refuse_setting(it, i, "it is another role's, whose settings this one may not change");
	}
	return true;
}

/* --- all of it ---------------------------------------------------------- */

bool rights_look(struct session *db, const struct archive_list *list, const struct database_summary *summary,
                 const struct rights_options *options, struct arena *arena, struct rights *out,
                 struct error *err)
{
	struct look it = {.db = db, .list = list, .summary = summary, .options = options, .arena = arena};

	if (!look_at_role(&it, err) || !look_at_extensions(&it, err) || !look_at_entries(&it, err) ||
	    !look_at_owners(&it, err) || !look_at_defaults(&it, err) || !look_at_settings(&it, err))
		return error_context(err, "while looking at what this role may restore");
	it.rights.lacking = lines(&it);
	*out = it.rights;
	return true;
}

const char *rights_advice(const struct rights *rights, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	const char *kinds = skip_text(&rights->offered, arena);

	if (*kinds)
		buffer_printf(&text, "--skip %s", kinds);
	if (rights->offers_no_owner)
		buffer_printf(&text, "%s--no-owner", text.len ? " " : "");
	if (rights->offers_no_acl)
		buffer_printf(&text, "%s--no-acl", text.len ? " " : "");
	return buffer_cstr(&text);
}

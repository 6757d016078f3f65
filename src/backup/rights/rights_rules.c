/*
 * The rules are PostgreSQL's own checks; for each kind tests/cases/rights.bats holds the refusal against
 * what pg_restore itself meets. A rule that is missing costs a restore that fails late, one too many
 * refuses what would have worked, so rows are as narrow as the statement allows.
 *
 * What pg_dump writes is matched as text, with the blanks and newlines that it puts around a word: "
 * LANGUAGE c " is not in " LANGUAGE concat ". Bodies of functions may contain anything, therefore only
 * the line of attributes is looked at (attributes()).
 *
 * For one type the first row that applies gives the reason, so what cannot be had at all comes before
 * what another role could do.
 */
#include "backup/rights/rights_rules.h"

#include <string.h>

#define ONLY_SUPERUSER "only a superuser may create it"

/* clang-format off */
static const struct rights_rule rules[] = {
	{"ACCESS METHOD", NULL, NULL, NEED_SUPERUSER, SKIP_ACCESS_METHODS, REMEDY_SKIP, ONLY_SUPERUSER},
	{"ACL", NULL, "\nSET SESSION AUTHORIZATION ", NEED_SUPERUSER, SKIP_NONE, REMEDY_NO_ACL,
	 "only a superuser may grant as another role than the owner"},
	{"AGGREGATE", NULL, "STYPE = internal", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create one with an internal state"},
	{"CAST", NULL, "WITHOUT FUNCTION", NEED_SUPERUSER, SKIP_CASTS, REMEDY_SKIP,
	 "only a superuser may create one without a function"},
	{"CAST", NULL, NULL, NEED_OWN_TYPE, SKIP_CASTS, REMEDY_SKIP,
	 "one of its types must be the role's own"},
	{"COMMENT", "SCHEMA public", NULL, NEED_PUBLIC_OWNER, SKIP_COMMENTS, REMEDY_SKIP,
	 "the schema is not the role's own on this server"},
	{"EVENT TRIGGER", NULL, NULL, NEED_SUPERUSER, SKIP_EVENT_TRIGGERS, REMEDY_SKIP, ONLY_SUPERUSER},
	{"EXTENSION", NULL, NULL, NEED_AVAILABLE_EXTENSION, SKIP_EXTENSIONS, REMEDY_SKIP,
	 "the server does not have it"},
	{"EXTENSION", NULL, NULL, NEED_EXTENSION_RIGHTS, SKIP_EXTENSIONS, REMEDY_SKIP,
	 "only a superuser may create it, it is not a trusted one"},
	{"EXTENSION", NULL, NULL, NEED_CREATE, SKIP_EXTENSIONS, REMEDY_SKIP,
	 "the role may not CREATE in the new database"},
	{"FOREIGN DATA WRAPPER", NULL, NULL, NEED_SUPERUSER, SKIP_FOREIGN_DATA, REMEDY_SKIP, ONLY_SUPERUSER},
	{"FUNCTION", NULL, " LANGUAGE c ", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create one in C"},
	{"FUNCTION", NULL, " LANGUAGE internal ", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create an internal one"},
	{"FUNCTION", NULL, " LEAKPROOF ", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create a leakproof one"},
	{"FUNCTION", NULL, " SUPPORT ", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create one with a support function"},
	{"OPERATOR CLASS", NULL, NULL, NEED_SUPERUSER, SKIP_OPERATORS, REMEDY_SKIP, ONLY_SUPERUSER},
	{"OPERATOR FAMILY", NULL, NULL, NEED_SUPERUSER, SKIP_OPERATORS, REMEDY_SKIP, ONLY_SUPERUSER},
	{"PROCEDURAL LANGUAGE", NULL, NULL, NEED_SUPERUSER, SKIP_LANGUAGES, REMEDY_SKIP, ONLY_SUPERUSER},
	{"PROCEDURE", NULL, " LANGUAGE c ", NEED_SUPERUSER, SKIP_FUNCTIONS, REMEDY_SKIP,
	 "only a superuser may create one in C"},
	{"PUBLICATION", NULL, " FOR ALL ", NEED_SUPERUSER, SKIP_PUBLICATIONS, REMEDY_SKIP,
	 "only a superuser may create one for all tables"},
	{"PUBLICATION", NULL, NULL, NEED_CREATE, SKIP_PUBLICATIONS, REMEDY_SKIP,
	 "the role may not CREATE in the new database"},
	{"PUBLICATION TABLES IN SCHEMA", NULL, NULL, NEED_SUPERUSER, SKIP_PUBLICATIONS, REMEDY_SKIP,
	 "only a superuser may publish all tables of a schema"},
	{"SCHEMA", "public", "\nALTER SCHEMA public OWNER TO ", NEED_PUBLIC_OWNER, SKIP_NONE, REMEDY_NO_OWNER,
	 "it is not the role's own on this server"},
	{"SCHEMA", NULL, "CREATE SCHEMA ", NEED_CREATE, SKIP_NONE, REMEDY_SKIP,
	 "the role may not CREATE in the new database"},
	{"SHELL TYPE", NULL, NULL, NEED_SUPERUSER, SKIP_TYPES, REMEDY_SKIP, ONLY_SUPERUSER},
	{"SUBSCRIPTION", NULL, "run_as_owner", NEED_SERVER_16, SKIP_SUBSCRIPTIONS, REMEDY_SKIP,
	 "pg_dump was newer than the server and wrote what that does not know"},
	{"SUBSCRIPTION", NULL, NULL, NEED_SUBSCRIBER, SKIP_SUBSCRIPTIONS, REMEDY_SKIP,
	 "only a superuser or a member of pg_create_subscription may create it"},
	{"SUBSCRIPTION", NULL, NULL, NEED_CREATE, SKIP_SUBSCRIPTIONS, REMEDY_SKIP,
	 "the role may not CREATE in the new database"},
	{"TEXT SEARCH PARSER", NULL, NULL, NEED_SUPERUSER, SKIP_TEXT_SEARCH, REMEDY_SKIP, ONLY_SUPERUSER},
	{"TEXT SEARCH TEMPLATE", NULL, NULL, NEED_SUPERUSER, SKIP_TEXT_SEARCH, REMEDY_SKIP, ONLY_SUPERUSER},
	{"TYPE", NULL, "\n    INPUT = ", NEED_SUPERUSER, SKIP_TYPES, REMEDY_SKIP,
	 "only a superuser may create a base type"},
};
/* clang-format on */

/* --- the statement ------------------------------------------------------ */

/* pg_dump has what a function is in one line, before its body; a body may say anything. */
static struct str attributes(struct str sql, struct arena *arena)
{
	static const char mark[] = "\n    LANGUAGE ";
	const char *found = sql.len ? memmem(sql.text, sql.len, mark, strlen(mark)) : NULL;

	if (!found)
		return sql;
	struct str line = str_slice(sql, (size_t)(found + 1 - sql.text), sql.len);
	line = str_slice(line, 0, str_index(line, '\n'));
	return str_of(arena_printf(arena, "%.*s ", STR_ARGS(line)));
}

static bool holds(const struct archive_entry *entry, const char *word, struct arena *arena)
{
	struct str text = entry->sql;

	if (!word)
		return true;
	if (strcmp(entry->type, "FUNCTION") == 0 || strcmp(entry->type, "PROCEDURE") == 0)
		text = attributes(text, arena);
	return text.len && memmem(text.text, text.len, word, strlen(word));
}

bool rights_gives_away(const struct archive_entry *entry)
{
	static const char word[] = " OWNER TO ";

	return entry->sql.len && memmem(entry->sql.text, entry->sql.len, word, strlen(word));
}

/* Types that are made with it are its creator's. */
static bool has_own_type(const struct archive_list *list, const struct archive_entry *entry)
{
	static const char *const types[] = {"DOMAIN", "EXTENSION", "SHELL TYPE", "TABLE", "TYPE", "VIEW"};

	for (size_t i = 0; i < entry->depend_count; i++) {
		const struct archive_entry *needed = archive_list_find(list, entry->depends[i]);

		for (size_t k = 0; needed && k < sizeof(types) / sizeof(*types); k++)
			if (strcmp(needed->type, types[k]) == 0)
				return true;
	}
	return false;
}

/* --- the rules ---------------------------------------------------------- */

static const struct extension_rights *extension_of(const struct rights_role *role,
                                                   const struct archive_entry *entry)
{
	static const struct extension_rights unknown = {.is_available = true};

	for (size_t i = 0; i < role->extension_count; i++)
		if (str_is(entry->name, role->extensions[i].name))
			return &role->extensions[i];
	return &unknown;
}

static bool is_met(enum rights_need need, const struct rights_role *role, const struct archive_list *list,
                   const struct archive_entry *entry)
{
	enum { PUBLIC_IS_THE_OWNERS = 15, KNOWS_RUN_AS_OWNER = 16 };

	switch (need) {
	case NEED_AVAILABLE_EXTENSION:
		return extension_of(role, entry)->is_available;
	case NEED_SERVER_16:
		return role->server_major >= KNOWS_RUN_AS_OWNER;
	case NEED_SUPERUSER:
		return role->is_superuser;
	case NEED_EXTENSION_RIGHTS:
		return role->is_superuser || !extension_of(role, entry)->needs_superuser;
	case NEED_OWN_TYPE:
		return role->is_superuser || has_own_type(list, entry);
	case NEED_CREATE:
		return role->may_create;
	case NEED_SUBSCRIBER:
		return role->is_superuser || role->may_subscribe;
	case NEED_PUBLIC_OWNER:
		return role->is_superuser || (role->may_create && role->server_major >= PUBLIC_IS_THE_OWNERS);
	}
	return true;
}

const struct rights_rule *rights_rule_broken(const struct rights_role *role, const struct archive_list *list,
                                             const struct archive_entry *entry, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rights_rule *rule = &rules[i];

		if (strcmp(rule->type, entry->type) == 0 && (!rule->name || str_is(entry->name, rule->name)) &&
		    !is_met(rule->need, role, list, entry) && holds(entry, rule->word, arena))
			return rule;
	}
	return NULL;
}

/*
 * The frame travels inside the encryption, so only who may read the backup reads it, and it cannot be
 * exchanged without the archive. It lies after the archive: `zstd -d` passes over it, and the restore
 * has proven the whole before it looks.
 *
 * Only what every backup has had from the beginning is `is_needed`. Memberships, tablespaces, the
 * catalogs' fingerprint came later; a backup without them must stay restorable, with less to compare. For
 * the same reason a field must mean "as usual" when it is absent, which zero does not for the limit of
 * connections.
 *
 * How many migrations are whole and which one is not are in the manifest alone, where they are needed
 * without a key.
 */
#include "backup/metadata_frame.h"

#include <string.h>

#include "backup/json_table.h"

#define FRAME_FORMAT "rung-facts/1"

/* clang-format off */
#define AT(type, member) offsetof(type, member)

static const struct json_field table_fields[] = {
	{.key = "schema", .kind = FIELD_TEXT, .offset = AT(struct table_summary, schema), .is_needed = true},
	{.key = "name", .kind = FIELD_TEXT, .offset = AT(struct table_summary, name), .is_needed = true},
	{.key = "rows", .kind = FIELD_NUMBER, .offset = AT(struct table_summary, rows), .is_needed = true},
	{0},
};

static const struct json_field extension_fields[] = {
	{.key = "name", .kind = FIELD_TEXT, .offset = AT(struct extension_summary, name), .is_needed = true},
	{.key = "version", .kind = FIELD_TEXT, .offset = AT(struct extension_summary, version), .is_needed = true},
	{0},
};

static const struct json_field setting_fields[] = {
	{.key = "role", .kind = FIELD_TEXT, .offset = AT(struct setting_summary, role)},
	{.key = "name", .kind = FIELD_TEXT, .offset = AT(struct setting_summary, name), .is_needed = true},
	{.key = "value", .kind = FIELD_TEXT, .offset = AT(struct setting_summary, value), .is_needed = true},
	{0},
};

static const struct json_field privilege_fields[] = {
	{.key = "grantee", .kind = FIELD_TEXT, .offset = AT(struct privilege_summary, grantee), .is_needed = true},
	{.key = "privilege", .kind = FIELD_TEXT, .offset = AT(struct privilege_summary, privilege), .is_needed = true},
	{.key = "grantable", .kind = FIELD_FLAG, .offset = AT(struct privilege_summary, is_grantable)},
	{0},
};

static const struct json_field membership_fields[] = {
	{.key = "member", .kind = FIELD_TEXT, .offset = AT(struct membership_summary, member), .is_needed = true},
	{.key = "role", .kind = FIELD_TEXT, .offset = AT(struct membership_summary, role), .is_needed = true},
	{0},
};

static const struct json_field kind_fields[] = {
	{.key = "kind", .kind = FIELD_TEXT, .offset = AT(struct kind_summary, name), .is_needed = true},
	{.key = "count", .kind = FIELD_NUMBER, .offset = AT(struct kind_summary, count), .is_needed = true},
	{.key = "hash", .kind = FIELD_TEXT, .offset = AT(struct kind_summary, hash), .is_needed = true},
	{0},
};

struct frame {
	const char *format;
	struct database_summary summary;
};

#define IN(member) offsetof(struct frame, summary.member)

static const struct json_field fields[] = {
	{.key = "format", .kind = FIELD_TEXT, .offset = offsetof(struct frame, format), .is_needed = true},
	{.key = "database.name", .kind = FIELD_TEXT, .offset = IN(database.name), .is_needed = true},
	{.key = "database.owner", .kind = FIELD_TEXT, .offset = IN(database.owner)},
	{.key = "database.encoding", .kind = FIELD_TEXT, .offset = IN(database.encoding), .is_needed = true},
	{.key = "database.collate", .kind = FIELD_TEXT, .offset = IN(database.collate)},
	{.key = "database.ctype", .kind = FIELD_TEXT, .offset = IN(database.ctype)},
	{.key = "database.provider", .kind = FIELD_TEXT, .offset = IN(database.provider)},
	{.key = "database.locale", .kind = FIELD_TEXT, .offset = IN(database.locale)},
	{.key = "database.rules", .kind = FIELD_TEXT, .offset = IN(database.rules)},
	{.key = "database.comment", .kind = FIELD_TEXT, .offset = IN(database.comment)},
	{.key = "database.has_privileges", .kind = FIELD_FLAG, .offset = IN(database.has_privileges)},
	{.key = "database.connection_limit", .kind = FIELD_NUMBER, .offset = IN(database.connection_limit)},
	{.key = "database.tablespace", .kind = FIELD_TEXT, .offset = IN(database.tablespace)},
	{.key = "database.size", .kind = FIELD_NUMBER, .offset = IN(database.size)},
	{.key = "history.exists", .kind = FIELD_FLAG, .offset = IN(history.exists)},
	{.key = "history.count", .kind = FIELD_NUMBER, .offset = IN(history.count)},
	{.key = "history.head", .kind = FIELD_NUMBER, .offset = IN(history.head)},
	{.key = "history.name", .kind = FIELD_TEXT, .offset = IN(history.head_name)},
	{.key = "history.hash", .kind = FIELD_TEXT, .offset = IN(history.hash)},
	{.key = "large_objects", .kind = FIELD_NUMBER, .offset = IN(large_objects)},
	{.key = "tables", .kind = FIELD_ITEMS, .offset = IN(tables), .count_offset = IN(table_count),
	 .item = table_fields, .item_size = sizeof(struct table_summary), .is_needed = true},
	{.key = "roles", .kind = FIELD_TEXTS, .offset = IN(roles), .count_offset = IN(role_count)},
	{.key = "memberships", .kind = FIELD_ITEMS, .offset = IN(memberships), .count_offset = IN(membership_count),
	 .item = membership_fields, .item_size = sizeof(struct membership_summary)},
	{.key = "tablespaces", .kind = FIELD_TEXTS, .offset = IN(tablespaces), .count_offset = IN(tablespace_count)},
	{.key = "extensions", .kind = FIELD_ITEMS, .offset = IN(extensions), .count_offset = IN(extension_count),
	 .item = extension_fields, .item_size = sizeof(struct extension_summary)},
	{.key = "settings", .kind = FIELD_ITEMS, .offset = IN(settings), .count_offset = IN(setting_count),
	 .item = setting_fields, .item_size = sizeof(struct setting_summary)},
	{.key = "privileges", .kind = FIELD_ITEMS, .offset = IN(privileges), .count_offset = IN(privilege_count),
	 .item = privilege_fields, .item_size = sizeof(struct privilege_summary)},
	{.key = "catalog.server", .kind = FIELD_NUMBER, .offset = IN(catalog.server)},
	{.key = "catalog.kinds", .kind = FIELD_ITEMS, .offset = IN(catalog.kinds), .count_offset = IN(catalog.kind_count),
	 .item = kind_fields, .item_size = sizeof(struct kind_summary)},
	{.key = "globals", .kind = FIELD_TEXT, .offset = IN(globals)},
	{0},
};
/* clang-format on */

struct str metadata_frame_write(const struct database_summary *summary, struct arena *arena)
{
	const struct frame frame = {FRAME_FORMAT, *summary};

	return json_table_write(fields, &frame, arena);
}

bool metadata_frame_read(struct str text, struct arena *arena, struct database_summary *out,
                         struct error *err)
{
	struct frame frame = {.summary.database.connection_limit = -1}; /* what is not said is as usual */

	if (text.len == 0)
		return error_set(err, ERROR_STORAGE, "the backup has no description: rung did not make it");
	if (!json_table_read(fields, text, "the backup's description", arena, &frame, err))
		return false;
	if (strcmp(frame.format, FRAME_FORMAT) != 0)
		return error_set(err, ERROR_STORAGE,
		                 "the backup's description has the format \"%s\", which this version does not know",
		                 frame.format);
	*out = frame.summary;
	return true;
}

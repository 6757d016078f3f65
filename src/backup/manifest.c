/*
 * Anyone who can write to the store can write a manifest, and it is read whatever its signature turns out to
 * be. So what is computed with is bounded here: sizes and counts are not negative, and nothing is larger
 * than 2^53, up to which every reader of JSON has whole numbers (RFC 8259, 6). A number in the chain
 * without a bound once made the next backup's negative.
 *
 * An unknown `format` is refused, unknown keys are passed over: a newer version that only adds to the
 * manifest keeps the name, one that changes a meaning must take another. A key that is added later cannot
 * be `is_needed`, or the manifests before it could no longer be read.
 */
#include "backup/manifest.h"

#include <string.h>

#include "base/digest.h"

/* clang-format off */
#define IN(member) offsetof(struct manifest, member)

static const struct json_field fields[] = {
	{.key = "format", .kind = FIELD_TEXT, .offset = IN(format), .is_needed = true},
	{.key = "id", .kind = FIELD_TEXT, .offset = IN(id), .is_needed = true},
	{.key = "database", .kind = FIELD_TEXT, .offset = IN(database), .is_needed = true},
	{.key = "created_at", .kind = FIELD_TEXT, .offset = IN(created_at), .is_needed = true},
	{.key = "kind", .kind = FIELD_TEXT, .offset = IN(kind)},
	{.key = "versions.rung", .kind = FIELD_TEXT, .offset = IN(tool_version)},
	{.key = "versions.server", .kind = FIELD_TEXT, .offset = IN(server_version)},
	{.key = "versions.pg_dump", .kind = FIELD_TEXT, .offset = IN(pg_dump_version)},
	{.key = "object.key", .kind = FIELD_TEXT, .offset = IN(object.key), .is_needed = true},
	{.key = "object.size", .kind = FIELD_NUMBER, .offset = IN(object.size), .is_needed = true},
	{.key = "object.sha256", .kind = FIELD_TEXT, .offset = IN(object.sha256), .is_needed = true},
	{.key = "compression.method", .kind = FIELD_TEXT, .offset = IN(compression)},
	{.key = "compression.expanded_size", .kind = FIELD_NUMBER, .offset = IN(expanded_size), .is_needed = true},
	{.key = "encryption.method", .kind = FIELD_TEXT, .offset = IN(encryption), .is_needed = true},
	{.key = "encryption.recipients", .kind = FIELD_NUMBER, .offset = IN(recipients)},
	{.key = "migrations.applied", .kind = FIELD_NUMBER, .offset = IN(migrations.applied)},
	{.key = "migrations.head", .kind = FIELD_NUMBER, .offset = IN(migrations.head)},
	{.key = "migrations.name", .kind = FIELD_TEXT, .offset = IN(migrations.head_name)},
	{.key = "migrations.hash", .kind = FIELD_TEXT, .offset = IN(migrations.hash)},
	{.key = "migrations.pending", .kind = FIELD_NUMBER, .offset = IN(migrations.pending)},
	{.key = "migrations.half_done", .kind = FIELD_NUMBER, .offset = IN(migrations.half_done)},
	{.key = "labels", .kind = FIELD_PAIRS, .offset = IN(labels), .count_offset = IN(label_count)},
	{.key = "keep_until", .kind = FIELD_TEXT, .offset = IN(keep_until)},
	{.key = "sequence", .kind = FIELD_NUMBER, .offset = IN(sequence)},
	{.key = "previous.id", .kind = FIELD_TEXT, .offset = IN(previous.id)},
	{.key = "previous.sha256", .kind = FIELD_TEXT, .offset = IN(previous.sha256)},
	{.key = "durations_ms.dump", .kind = FIELD_NUMBER, .offset = IN(dump_ms)},
	{.key = "durations_ms.total", .kind = FIELD_NUMBER, .offset = IN(total_ms)},
	{0},
};

/* clang-format on */

struct str manifest_write(const struct manifest *manifest, struct arena *arena)
{
	return json_table_write(fields, manifest, arena);
}

static const struct {
	const char *key;
	size_t offset;
	int64_t least;
} bounded[] = {
    {"object.size", IN(object.size), 0},
    {"compression.expanded_size", IN(expanded_size), 0},
    {"encryption.recipients", IN(recipients), 0},
    {"migrations.applied", IN(migrations.applied), 0},
    {"migrations.pending", IN(migrations.pending), 0},
    {"sequence", IN(sequence), 1},
    {"durations_ms.dump", IN(dump_ms), 0},
    {"durations_ms.total", IN(total_ms), 0},
};

static bool check_numbers(const struct manifest *manifest, const char *what, struct error *err)
{
	for (size_t i = 0; i < sizeof(bounded) / sizeof(*bounded); i++) {
		const int64_t number = *(const int64_t *)((const char *)manifest + bounded[i].offset);

		if (number < bounded[i].least || number > MANIFEST_MOST_NUMBER)
			return error_set(err, ERROR_STORAGE, "cannot use %s: \"%s\" cannot be %lld", what, bounded[i].key,
			                 (long long)number);
	}
	return true;
}

bool manifest_read(struct str text, const char *what, struct arena *arena, struct manifest *out,
                   struct error *err)
{
	struct manifest manifest = {0};

	if (!json_table_read(fields, text, what, arena, &manifest, err))
		return false;
	if (strcmp(manifest.format, MANIFEST_FORMAT) != 0)
		return error_set(err, ERROR_STORAGE, "%s has the format \"%s\", which this version does not know",
		                 what, manifest.format);
	if (!is_backup_id(str_of(manifest.id)) || strlen(manifest.object.sha256) != DIGEST_HEX_LEN)
		return error_set(err, ERROR_STORAGE, "cannot use %s: it contradicts itself", what);
	if (!check_numbers(&manifest, what, err))
		return false;
	*out = manifest;
	return true;
}

int64_t manifest_reach(const struct manifest *manifest)
{
	const int64_t head = manifest->migrations.head;
	const int64_t half_done = manifest->migrations.half_done;

	return half_done > head ? half_done : head;
}

/*
 * Whatever is said to be a manifest, or the facts in a backup, or a name in a
 * store: reading ends, and what is read is written and read again as the same.
 * Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "backup/manifest.h"
#include "backup/metadata_frame.h"
#include "backup/summary/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_manifest(struct str text, struct arena *arena)
{
	struct manifest manifest = {0}, again = {0};
	struct error err = {0};

	if (!manifest_read(text, "it", arena, &manifest, &err)) {
		assert(err.kind != ERROR_NONE && err.message[0]);
		return;
	}
	assert(is_backup_id(str_of(manifest.id)) && manifest.object.size >= 0 && manifest.expanded_size >= 0);
	manifest_reach(&manifest);
	const struct str written = manifest_write(&manifest, arena);
	assert(manifest_read(written, "it", arena, &again, &err));
	assert(str_equal(manifest_write(&again, arena), written));
}

static void check_facts(struct str text, struct arena *arena)
{
	struct database_summary facts = {0}, again = {0};
	struct error err = {0};

	if (!metadata_frame_read(text, arena, &facts, &err)) {
		assert(err.message[0]);
		return;
	}
	const struct str written = metadata_frame_write(&facts, arena);
	assert(metadata_frame_read(written, arena, &again, &err));
	assert(str_equal(metadata_frame_write(&again, arena), written));
}

static void check_key(struct str text, struct arena *arena)
{
	const char *key = str_copy(arena, (struct str){text.text, strnlen(text.text, text.len)});
	struct str id;
	enum part part;

	if (backup_key_parse(key, &id, &part))
		assert(is_backup_id(id) && part < PART_COUNT);
	backup_folder(key, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	const struct str text = {(const char *)data, size};

	check_manifest(text, &arena);
	check_facts(text, &arena);
	check_key(text, &arena);
	return 0;
}

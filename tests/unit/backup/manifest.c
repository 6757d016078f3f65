#include "backup/manifest.h"

#include <string.h>

#include "test.h"

static struct manifest sample(void)
{
	static struct json_pair labels[] = {{"release", "42"}, {"odd \"name\"", "\xC3\xA4"}};

	return (struct manifest){
	    .format = MANIFEST_FORMAT,
	    .id = "20261120T231500Z-1a2b3c4d",
	    .database = "inventory",
	    .created_at = "2026-11-20T23:15:00Z",
	    .object = {"inventory/20261120T231500Z-1a2b3c4d.dump.zst.age", 12345,
	               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    .encryption = "age-v1",
	    .expanded_size = 99999,
	    .labels = labels,
	    .label_count = 2,
	    .sequence = 7,
	};
}

TEST(manifest_comes_back_as_it_was_written)
{
	scoped_arena struct arena arena = {0};
	const struct manifest manifest = sample();
	const struct str text = manifest_write(&manifest, &arena);
	struct manifest again;
	struct error err;

	CHECK(manifest_read(text, "it", &arena, &again, &err));
	CHECK_STR(again.id, manifest.id);
	CHECK_STR(again.object.sha256, manifest.object.sha256);
	CHECK_INT(again.object.size, 12345);
	CHECK_INT(again.label_count, 2);
	CHECK_STR(again.labels[1].value, "\xC3\xA4");
	CHECK(again.keep_until == NULL && again.sequence == 7);
	CHECK(str_equal(manifest_write(&again, &arena), text));
}

/* What names have that were made in another encoding; JSON cannot hold it as it is. */
TEST(manifest_keeps_text_that_is_not_utf8)
{
	scoped_arena struct arena arena = {0};
	static struct json_pair labels[] = {{"odd", "\xFF"}};
	struct manifest manifest = sample();
	struct manifest again;
	struct error err;

	manifest.database = "caf\xE9";
	manifest.labels = labels;
	manifest.label_count = 1;
	CHECK(manifest_read(manifest_write(&manifest, &arena), "it", &arena, &again, &err));
	CHECK_STR(again.database, "caf\xE9");
	CHECK_STR(again.labels[0].value, "\xFF");
}

TEST(manifest_with_bytes_that_are_no_text_is_refused)
{
	static const char *const databases[] = {"{\"base64\": \"AA==\"}", "{\"base64\": \"/\"}",
	                                        "{\"base64\": 1}", "{\"base64\": \"/w==\", \"more\": 1}", "{}"};
	scoped_arena struct arena arena = {0};
	const struct manifest manifest = sample();
	const char *text = manifest_write(&manifest, &arena).text;
	const char *value = strstr(text, "\"inventory\"");

	for (size_t i = 0; i < sizeof(databases) / sizeof(*databases); i++) {
		const char *bad = arena_printf(&arena, "%.*s%s%s", (int)(value - text), text, databases[i],
		                               value + strlen("\"inventory\""));
		struct manifest again;
		struct error err;

		CHECK_ROW(i, !manifest_read(str_of(bad), "it", &arena, &again, &err));
	}
}

TEST(manifest_that_was_cut_is_refused)
{
	scoped_arena struct arena arena = {0};
	const struct manifest manifest = sample();
	const struct str text = manifest_write(&manifest, &arena);
	struct manifest again;
	struct error err;

	for (size_t len = 0; len < text.len - 2; len++)
		CHECK_ROW(len, !manifest_read((struct str){text.text, len}, "it", &arena, &again, &err));
}

TEST(manifest_that_lacks_something_or_says_nonsense_is_refused)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *text;
		const char *words;
	} rows[] = {
	    {"[]", "not a JSON object"},
	    {"{}", "\"format\" is missing"},
	    {"{\"format\": 1}", "wrong type"},
	    {"{\"format\": \"rung-backup/1\", \"format\": \"rung-backup/1\"}", "duplicate"},
	};
	struct manifest manifest;
	struct error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_ROW(i, !manifest_read(str_of(rows[i].text), "it", &arena, &manifest, &err));
		CHECK_ROW(i, strstr(err.message, rows[i].words));
	}
}

TEST(manifest_with_a_number_that_cannot_be_is_refused)
{
	scoped_arena struct arena arena = {0};
	const struct {
		size_t offset;
		int64_t number;
		bool is_good;
	} rows[] = {
	    {offsetof(struct manifest, sequence), 1, true},
	    {offsetof(struct manifest, sequence), MANIFEST_MOST_NUMBER, true},
	    {offsetof(struct manifest, sequence), MANIFEST_MOST_NUMBER + 1, false},
	    {offsetof(struct manifest, sequence), INT64_MAX, false},
	    {offsetof(struct manifest, sequence), 0, false},
	    {offsetof(struct manifest, sequence), INT64_MIN, false},
	    {offsetof(struct manifest, object.size), -1, false},
	    {offsetof(struct manifest, expanded_size), INT64_MAX, false},
	    {offsetof(struct manifest, recipients), -1, false},
	    {offsetof(struct manifest, migrations.applied), -1, false},
	    {offsetof(struct manifest, migrations.head), INT64_MAX, true},
	    {offsetof(struct manifest, total_ms), -1, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct manifest manifest = sample();
		struct manifest again;
		struct error err;

		*(int64_t *)((char *)&manifest + rows[i].offset) = rows[i].number;
		const struct str text = manifest_write(&manifest, &arena);
		CHECK_ROW(i, manifest_read(text, "it", &arena, &again, &err) == rows[i].is_good);
	}
}

TEST(backup_ids_say_when_their_run_began)
{
	CHECK(backup_id_began("20261120T231500Z-1a2b3c4d") == 20261120231500);
	CHECK(backup_id_began("20261120T231500Z-1a2b3c4d") < backup_id_began("20261120T231501Z-00000000"));
}

TEST(backup_names_are_told_apart)
{
	static const struct {
		const char *key;
		bool is_part;
		enum part part;
	} rows[] = {
	    {"a/20261120T231500Z-1a2b3c4d.json", true, PART_MANIFEST},
	    {"a/20261120T231500Z-1a2b3c4d.json.minisig", true, PART_SIGNATURE},
	    {"a/20261120T231500Z-1a2b3c4d.failed", true, PART_FAILURE},
	    {"a/20261120T231500Z-1a2b3c4d.dump.zst.age", true, PART_OBJECT},
	    {"a/20261120T231500Z-1a2b3c4d.dump.zst", true, PART_PLAIN_OBJECT},
	    {"a/20261120T231500Z-1a2b3c4d.dump", false, 0},
	    {"a/20261120T231500Z-1A2b3c4d.json", false, 0},
	    {"a/20261120T2315Z-1a2b3c4d.json", false, 0},
	    {"README", false, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str id;
		enum part part;
		const bool is_part = backup_key_parse(rows[i].key, &id, &part);

		CHECK_ROW(i, is_part == rows[i].is_part);
		if (is_part)
			CHECK_ROW(i, part == rows[i].part && str_is(id, "20261120T231500Z-1a2b3c4d"));
	}
}

TEST(backup_folders_hold_no_tricks)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(backup_folder("inventory", &arena), "inventory/");
	CHECK_STR(backup_folder("../etc", &arena), "%2E.%2Fetc/");
	CHECK_STR(backup_folder("My App", &arena), "My%20App/");
}

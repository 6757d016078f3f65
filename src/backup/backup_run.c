/*
 * The stages are opened from the end to the beginning and pushed through once, so memory stays constant
 * and nothing readable is written anywhere. Each has its place: the archive is listed first, where it is
 * still plain; the zstd stage gets the facts as its tail, so these are gathered before pg_dump starts, in
 * the same snapshot; size and hash are taken after the encryption, because the manifest must describe
 * what lies in the store.
 *
 * What the store shows after an interruption follows from the order of writing: object, signature,
 * manifest. The manifest is the commit; until it is there the rest is an orphan. Taking back goes the
 * other way round and stops at the first that cannot be removed, so that no manifest is left without its
 * object.
 *
 * Number and predecessor come from the caller. The store often cannot be asked, since the credentials of
 * a deployment may only write.
 */
#include "backup/backup_run.h"

#include <string.h>

#include "backup/metadata_frame.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/unconst.h"
#include "crypto/age.h"
#include "store/store.h"
#include "stream/progress.h"
#include "stream/zstd.h"

/* One backup in the making. */
struct making {
	const struct backup_options *options;
	struct arena *arena;
	struct dump *dump;
	struct dump_state state;
	struct store *store;
	struct database_summary summary;
	struct str tail;
	struct tally sealed;
	struct progress progress;
	struct archive_reading reading;
	const char *id;
	const char *stored; /* the object, once it is complete */
	int64_t began_ms;
	int64_t dump_ms;
};

static void making_clear(struct making *making)
{
	dump_close(&making->dump);
	store_close(&making->store);
}
#define scoped_making SCOPED(making_clear)

static bool is_encrypted(const struct backup_options *options)
{
	return options->recipients.count > 0 || options->passphrase;
}

static const char *key_of(const struct making *making, enum part part)
{
	return backup_key(making->state.database, making->id, part, making->arena);
}

static enum part object_part(const struct making *making)
{
	return is_encrypted(making->options) ? PART_OBJECT : PART_PLAIN_OBJECT;
}

/*
 * What the next one will take. The last one knows best; before the first, few
 * databases shrink to less than a tenth. Of excluded tables nobody knows how
 * much they are.
 */
static uint64_t likely_size(const struct backup_options *options, int64_t estimated_size)
{
	const char *const *excluded = options->dump.excluded_data;

	if (options->previous_size > 0)
		return (uint64_t)options->previous_size;
	return excluded && *excluded ? 0 : (uint64_t)estimated_size / 10;
}

static bool open_store(const struct backup_options *options, int64_t estimated_size, struct store **out,
                       struct error *err)
{
	const struct store_options place = {
	    .url = options->store_url,
	    .expected_size = (uint64_t)estimated_size,
	    .likely_size = likely_size(options, estimated_size),
	    .will_write = true,
	    .reporter = options->reporter,
	};

	return store_open(&place, out, err);
}

bool backup_check(const struct backup_options *options, struct error *err)
{
	scoped_store struct store *store = NULL;
	int64_t database_size = 0;

	return dump_check(&options->dump, &database_size, err) && open_store(options, database_size, &store, err);
}

/* --- the object ------------------------------------------------------- */

/* The id is the snapshot's time by the server's clock: ids of several machines must sort together. */
static bool prepare(struct making *making, struct error *err)
{
	const struct backup_options *options = making->options;

	if (!dump_open(&options->dump, making->arena, &making->dump, &making->state, err) ||
	    !open_store(options, making->state.estimated_size, &making->store, err) ||
	    !dump_summary(making->dump, &options->history, making->arena, &making->summary, err))
		return false;
	making->id = backup_id(making->state.started_at, making->arena);
	making->tail = metadata_frame_write(&making->summary, making->arena);
	making->progress = (struct progress){
	    .verb = "backing up", .expected_size = making->state.estimated_size, .reporter = options->reporter};
	return true;
}

/* From the end to the beginning: each stage owns the one after it. */
static bool open_stages(struct making *making, struct sink **out, struct error *err)
{
	const struct backup_options *options = making->options;
	scoped_sink struct sink *sink = NULL;

	if (!store_put(making->store, key_of(making, object_part(making)), &sink, err))
		return false;
	sink = tally_open(&making->sealed, sink);
	if (is_encrypted(options) && !age_seal(&options->recipients, options->passphrase, TAKE(sink), &sink, err))
		return false;
	if (!zstd_compress(&making->tail, TAKE(sink), &sink, err))
		return false;
	sink = progress_open(&making->progress, TAKE(sink));
	making->reading =
	    (struct archive_reading){.arena = making->arena, .pg_restore = dump_pg_restore(making->dump)};
	return archive_reading_open(&making->reading, TAKE(sink), out, err);
}

static bool store_object(struct making *making, struct error *err)
{
	scoped_sink struct sink *sink = NULL;
	const int64_t began_ms = clock_now_ms();

	if (!open_stages(making, &sink, err) || !dump_run(making->dump, sink, err) || !sink_finish(sink, err))
		return false;
	making->dump_ms = clock_now_ms() - began_ms;
	making->stored = key_of(making, object_part(making));
	dump_close(&making->dump);
	return true;
}

/* The backup is whole either way. */
static void look_ahead(struct making *making, struct backup *out)
{
	const struct archive_list list = archive_reading_end(&making->reading);
	struct error trouble;

	if (!restorable_look(&making->options->dump.connection, &list, &making->summary, making->arena,
	                     &out->restorable, &trouble))
		event_warning(making->options->reporter,
		              "whether this role could restore the backup is not known: %s", trouble.message);
}

/* --- what is said of it ------------------------------------------------ */

static struct manifest describe(const struct making *making)
{
	const struct backup_options *options = making->options;
	const struct history_summary *history = &making->summary.history;

	return (struct manifest){
	    .format = MANIFEST_FORMAT,
	    .id = making->id,
	    .database = making->state.database,
	    .created_at = arena_printf(making->arena, "%.10sT%.8sZ", making->state.started_at,
	                               making->state.started_at + strlen("2026-11-20 ")),
	    .tool_version = RUNG_VERSION,
	    .server_version = making->state.server,
	    .pg_dump_version = making->state.pg_dump,
	    .object = {making->stored, (int64_t)making->sealed.size, making->sealed.sha256},
	    .compression = "zstd",
	    .expanded_size = making->progress.size,
	    .encryption = is_encrypted(options) ? "age-v1" : "none",
	    .recipients = (int64_t)options->recipients.count,
	    .migrations = {.applied = history->applied,
	                   .head = history->head,
	                   .head_name = history->head_name,
	                   .hash = history->hash,
	                   .pending = options->pending,
	                   .half_done = history->half_done},
	    .kind = options->kind,
	    .labels = unconst(options->labels),
	    .label_count = options->label_count,
	    .keep_until = options->keep_until,
	    .previous = {options->previous_id, options->previous_sha256},
	    .sequence = options->previous_sequence + 1,
	    .dump_ms = making->dump_ms,
	    .total_ms = clock_now_ms() - making->began_ms,
	};
}

static bool store_text(struct making *making, enum part part, struct str text, struct error *err)
{
	scoped_sink struct sink *sink = NULL;

	return store_put(making->store, key_of(making, part), &sink, err) && sink_write(sink, text, err) &&
	       sink_finish(sink, err);
}

static bool store_signature(struct making *making, struct str manifest, struct error *err)
{
	const char *comment = arena_printf(making->arena, "rung backup %s of %s", making->id,
	                                   backup_folder(making->state.database, making->arena));
	struct str signature;

	return !making->options->signing_key ||
	       (signature_make(making->options->signing_key, manifest, comment, making->arena, &signature, err) &&
	        store_text(making, PART_SIGNATURE, signature, err));
}

static int64_t count_all(const struct database_summary *summary)
{
	int64_t rows = 0;

	for (size_t i = 0; i < summary->table_count; i++)
		rows += summary->tables[i].rows > 0 ? summary->tables[i].rows : 0;
	return rows;
}

static bool commit(struct making *making, struct backup *out, struct error *err)
{
	const struct manifest manifest = describe(making);
	const struct str text = manifest_write(&manifest, making->arena);

	if (!store_signature(making, text, err) || !store_text(making, PART_MANIFEST, text, err))
		return false;
	*out = (struct backup){
	    .manifest = manifest,
	    .manifest_sha256 = digest_hex(making->arena, text),
	    .tables = making->summary.table_count,
	    .rows = count_all(&making->summary),
	};
	out->manifest.object.sha256 = arena_strdup(making->arena, making->sealed.sha256);
	look_ahead(making, out);
	return true;
}

/*
 * As far as we may: write-only credentials leave an orphan, which a later
 * prune removes. The manifest first, which may be there although its answer
 * was lost: while it is, what it speaks of stays.
 */
static void withdraw(struct making *making)
{
	static const enum part parts[] = {PART_MANIFEST, PART_SIGNATURE, PART_OBJECT, PART_PLAIN_OBJECT};
	struct error ignored;
	const char *retained_until;

	for (size_t i = 0; making->stored && i < sizeof(parts) / sizeof(*parts); i++)
		if (!store_remove(making->store, key_of(making, parts[i]), making->arena, &retained_until, &ignored))
			return;
}

/*
 * Retention must not continue as if nothing had happened. A person who stopped
 * the run knows; and where this is the first one there is nothing to prune.
 */
static void note_failure(struct making *making, const struct error *err)
{
	struct error ignored;

	if (!making->id || !making->options->has_earlier || err->kind == ERROR_CANCELLED)
		return;
	store_hurry(making->store);
	(void)!store_text(making, PART_FAILURE, STR("This run failed.\n"), &ignored);
}

bool backup_make(const struct backup_options *options, struct arena *arena, struct backup *out,
                 struct error *err)
{
	scoped_making struct making making = {.options = options, .arena = arena, .began_ms = clock_now_ms()};

	if (prepare(&making, err) && store_object(&making, err) && commit(&making, out, err))
		return true;
	withdraw(&making);
	note_failure(&making, err);
	return false;
}

/*
 * A batch ends when its range is done and never because a chunk changed nothing: ranges may be sparse, or
 * done already. Between chunks no transaction is open and no lock is held, so that is where everything
 * waits: for the pause that was asked for, for replicas, and for a Ctrl-C that came while a chunk ran.
 *
 * The pause goes through session_rest(), which lets the server answer now and then; a plain sleep of some
 * minutes is what firewalls end connections for.
 *
 * Lag is read from pg_stat_replication, where a role without pg_monitor sees the senders and no numbers.
 * That is told once and then not waited for, since a batch that never continues would be worse.
 */
#include "apply/batch/batch.h"

#include "apply/batch/batch_internal.h"
#include "base/clock.h"
#include "base/interrupt.h"

enum {
	SPEAK_EVERY_MS = 250, /* the reporter says less of it where less is wanted */
	LAG_EVERY_MS = 500,
};

static void batch_run_clear(struct batch_run *batch_run)
{
	arena_clear(&batch_run->arena);
}

/* --- between chunks ------------------------------------------------------- */

static void lag_is_unknown(struct batch_run *batch_run, const char *why)
{
	batch_run->lag_is_unknown = true;
	event_warning(batch_run->run->options->reporter,
	              "the lag of replicas cannot be read, so max-lag is ignored: %s", why);
}

/* The columns of lag.sql. */
enum {
	LAG_MS,
	LAG_IS_HIDDEN,
};

static bool replicas_keep_up(struct batch_run *batch_run)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (batch_run->batch.max_lag_ms < 0 || batch_run->lag_is_unknown)
		return true;
	if (!query_row(batch_run->run->db, SQL_batch_lag, NO_PARAMS, &rows, &trouble))
		lag_is_unknown(batch_run, trouble.message);
	else if (rows_flag(rows, 0, LAG_IS_HIDDEN))
		lag_is_unknown(batch_run, "it requires the role pg_monitor");
	else
		return rows_number(rows, 0, LAG_MS) <= batch_run->batch.max_lag_ms;
	return true;
}

/* The rate is that of this run: what an earlier one did took time that nobody measured. */
static void speak(struct batch_run *batch_run)
{
	scoped_arena struct arena arena = {0};
	const int64_t now_ms = clock_now_ms();
	const int64_t spent_ms = now_ms - batch_run->began_ms + 1;
	const int64_t rate = (batch_run->position.rows - batch_run->rows_before) * 1000 / spent_ms;
	const double fraction = batch_run_fraction(batch_run);
	const char *eta = "";

	if (now_ms - batch_run->spoke_ms < SPEAK_EVERY_MS)
		return;
	batch_run->spoke_ms = now_ms;
	if (fraction > 0 && rate > 0 && batch_run->estimated_rows > batch_run->position.rows)
		eta = arena_printf(
		    &arena, ", %s left",
		    duration_text(&arena, (batch_run->estimated_rows - batch_run->position.rows) * 1000 / rate));
	event_progress(batch_run->run->options->reporter, step_name(batch_run->step_script->step),
	               arena_printf(&arena, "%lld rows, %lld a second, %lld a chunk%s",
	                            (long long)batch_run->position.rows, (long long)rate,
	                            (long long)batch_run->position.size, eta),
	               spent_ms, fraction, batch_run->position.rows);
}

static bool rest(struct batch_run *batch_run, struct error *err)
{
	speak(batch_run);
	if (!interrupt_check(err))
		return false;
	if (!session_rest(batch_run->run->db, batch_run->batch.pause_ms, err))
		return false;
	while (!replicas_keep_up(batch_run))
		if (!clock_sleep_ms(LAG_EVERY_MS))
			return interrupt_check(err);
	return true;
}

static bool run_chunks(struct batch_run *batch_run, struct error *err)
{
	bool whole = false;

	while (!whole) {
		if (!batch_run_take_chunk(batch_run, &whole, err))
			return false;
		if (!whole && !rest(batch_run, err)) {
			error_detail(err, "The batch was paused after %lld rows.", (long long)batch_run->position.rows);
			return false;
		}
	}
	return true;
}

/* Statistics of before would mislead the planner until autovacuum comes by. */
static void analyze(struct batch_run *batch_run)
{
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (batch_run->table &&
	    !execute(batch_run->run->db, arena_printf(&arena, "ANALYZE %s", batch_run->relation), NO_PARAMS,
	             &trouble))
		event_warning(batch_run->run->options->reporter, "could not analyze %s: %s", batch_run->table,
		              trouble.message);
}

bool batch_run(struct run *run, const struct step_script *step_script, const struct statement *statement,
               const struct batch_place *place, const struct request *done, struct error *err)
{
	SCOPED(batch_run_clear) struct batch_run batch_run = {.run = run,
	                                                      .step_script = step_script,
	                                                      .statement = statement,
	                                                      .place = place,
	                                                      .done = done,
	                                                      .began_ms = clock_now_ms()};

	batch_run.spoke_ms = batch_run.began_ms;
	if (!batch_parse(statement, &batch_run.arena, &batch_run.batch, err))
		return false;
	batch_run.text = batch_text(statement, &batch_run.batch, &batch_run.arena);
	if (!file_text_check((struct str){batch_run.text, statement->text.len}, statement->source->path,
	                     ERROR_FILES, err))
		return false;
	if (!batch_run_begin(&batch_run, err) || !run_chunks(&batch_run, err))
		return false;
	analyze(&batch_run);
	event_note(run->options->reporter, "%s: %lld rows in %lld chunks", step_name(step_script->step),
	           (long long)batch_run.position.rows, (long long)batch_run.position.chunks);
	return true;
}

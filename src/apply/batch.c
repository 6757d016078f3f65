#include "apply/batch.h"

#include "apply/turns.h"
#include "base/clock.h"
#include "base/interrupt.h"

enum {
	SPEAK_EVERY_MS = 250, /* the reporter says less of it where less is wanted */
	LAG_EVERY_MS = 500,
};

static void turns_clear(struct turns *turns)
{
	arena_clear(&turns->arena);
}

/* --- between turns -------------------------------------------------------- */

static void lag_is_unknown(struct turns *turns, const char *why)
{
	turns->lag_is_unknown = true;
	event_warning(turns->run->climb->reporter,
	              "the lag of replicas cannot be read, so nothing waits for them: %s", why);
}

static bool replicas_keep_up(struct turns *turns)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (turns->batch.max_lag_ms < 0 || turns->lag_is_unknown)
		return true;
	if (!query_row(turns->run->db, SQL_apply_lag, NO_PARAMS, &rows, &trouble))
		lag_is_unknown(turns, trouble.message);
	else if (rows_flag(rows, 0, 1))
		lag_is_unknown(turns, "it takes the role pg_monitor");
	else
		return rows_number(rows, 0, 0) <= turns->batch.max_lag_ms;
	return true;
}

static void speak(struct turns *turns)
{
	scoped_arena struct arena arena = {0};
	const int64_t now_ms = clock_now_ms();
	const int64_t spent_ms = now_ms - turns->began_ms + 1;
	const int64_t rate = (turns->position.rows - turns->rows_before) * 1000 / spent_ms;
	const double fraction = turns_fraction(turns);
	const char *eta = "";

	if (now_ms - turns->spoke_ms < SPEAK_EVERY_MS)
		return;
	turns->spoke_ms = now_ms;
	if (fraction > 0 && rate > 0 && turns->estimated_rows > turns->position.rows)
		eta =
		    arena_printf(&arena, ", %s left",
		                 duration_text(&arena, (turns->estimated_rows - turns->position.rows) * 1000 / rate));
	event_emit(turns->run->climb->reporter,
	           &(struct event){
	               .kind = EVENT_PROGRESS,
	               .name = step_name(turns->passage->step),
	               .text = arena_printf(&arena, "%lld rows, %lld a second, %lld a turn%s",
	                                    (long long)turns->position.rows, (long long)rate,
	                                    (long long)turns->position.size, eta),
	               .duration_ms = spent_ms,
	               .fraction = fraction,
	               .count = turns->position.rows,
	           });
}

static bool rest(struct turns *turns, struct error *err)
{
	speak(turns);
	if (!interrupt_check(err))
		return false;
	if (!session_rest(turns->run->db, turns->batch.pause_ms, err))
		return false;
	while (!replicas_keep_up(turns))
		if (!clock_sleep_ms(LAG_EVERY_MS))
			return interrupt_check(err);
	return true;
}

static bool run_turns(struct turns *turns, struct error *err)
{
	bool whole = false;

	while (!whole) {
		if (!turns_take(turns, &whole, err))
			return false;
		if (!whole && !rest(turns, err)) {
			error_detail(err, "The batch was paused after %lld rows.", (long long)turns->position.rows);
			return false;
		}
	}
	return true;
}

/* Statistics of before would mislead the planner until autovacuum comes by. */
static void analyze(struct turns *turns)
{
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (turns->table &&
	    !execute(turns->run->db, arena_printf(&arena, "ANALYZE %s", turns->relation), NO_PARAMS, &trouble))
		event_warning(turns->run->climb->reporter, "could not analyze %s: %s", turns->table, trouble.message);
}

bool batch_run(struct run *run, const struct passage *passage, const struct statement *statement,
               const struct batch_place *place, const struct request *done, struct error *err)
{
	SCOPED(turns_clear) struct turns turns = {.run = run,
	                                          .passage = passage,
	                                          .statement = statement,
	                                          .place = place,
	                                          .done = done,
	                                          .began_ms = clock_now_ms()};

	turns.spoke_ms = turns.began_ms;
	if (!batch_parse(statement, &turns.arena, &turns.batch, err))
		return false;
	turns.text = batch_text(statement, &turns.batch, &turns.arena);
	if (!file_text_check((struct str){turns.text, statement->text.len}, statement->source->path, ERROR_FILES,
	                     err))
		return false;
	if (!turns_begin(&turns, err) || !run_turns(&turns, err))
		return false;
	analyze(&turns);
	event_note(run->climb->reporter, "%s: %lld rows in %lld turns", step_name(passage->step),
	           (long long)turns.position.rows, (long long)turns.position.turns);
	return true;
}

/*
 * A lost connection leaves the outcome of the last COMMIT unknown. The server knows: what was committed is
 * seen in the history, so nothing is guessed. The old backend holds the migration lock until it is gone, and
 * only then does the new one read; the two never work at the same time.
 *
 * One loss is forgiven. A second one after the same silence is no accident, and is told as what it most
 * likely is, an idle timeout between here and the server.
 */
#include "apply/losses.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"

enum {
	COMES_BACK_WITHIN_MS = 10000, /* a server that crashed */
	SHORTEST_SILENCE_MS = 1000,   /* nobody ends idle connections earlier */
	SAME_SILENCE_MS = 300,
};

void losses_add(struct losses *losses, int64_t silence_ms)
{
	const int64_t apart_ms = llabs(silence_ms - losses->silence_ms);

	losses->are_alike = silence_ms >= SHORTEST_SILENCE_MS && losses->silence_ms >= SHORTEST_SILENCE_MS &&
	                    (apart_ms <= SAME_SILENCE_MS || apart_ms <= silence_ms / 10);
	losses->silence_ms = silence_ms;
	losses->count++;
}

static void describe_idle_timeout(int64_t silence_ms, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const int64_t silence_s = (silence_ms + 500) / 1000;

	error_hint(
	    err,
	    "Both times it had been idle for about %s. Unless the server's log shows a crash, a proxy, firewall "
	    "or NAT in between closes idle connections after that time. Raise its timeout, bypass it with "
	    "--direct-url, or, if TCP keepalives are enough for it, set keepalives_idle=%lld in the URL.",
	    duration_text(&arena, silence_s * 1000), (long long)(silence_s > 2 ? silence_s / 2 : 1));
	error_state(err, "What was committed is recorded, the rest was not done. The same command will fail in "
	                 "the same way until that is changed.");
}

void losses_describe(const struct losses *losses, struct error *err)
{
	if (losses->are_alike)
		describe_idle_timeout(losses->silence_ms, err);
	else
		error_state(err,
		            "What was committed is recorded, the rest was not done. Run the same command again to "
		            "finish it.");
}

enum loss_answer losses_answer(const struct losses *losses, bool has_way_past, bool is_reached)
{
	/* A mark that was made and not heard of would let the same command take its steps a second time. */
	enum { FOR_THE_WORK = 1, FOR_THE_MARK = 5 };

	if (losses->are_alike && has_way_past)
		return LOSS_GO_PAST;
	return losses->count <= (is_reached ? FOR_THE_MARK : FOR_THE_WORK) ? LOSS_CONNECT_AGAIN : LOSS_GIVE_UP;
}

bool losses_may_come_back(const struct error *refusal, int64_t waited_ms)
{
	return refusal->kind == ERROR_SERVER && waited_ms < COMES_BACK_WITHIN_MS;
}

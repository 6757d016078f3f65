/*
 * losses.h - connections that were lost on the way, and what is done about it
 *
 * Decides only; nothing here connects, waits or looks at a clock.
 */
#ifndef RUNG_APPLY_LOSSES_H
#define RUNG_APPLY_LOSSES_H

#include <stdint.h>

#include "base/error.h"

/* Of one run: how many, and what they have in common. */
struct losses {
	int count;
	int64_t silence_ms; /* before the last one; -1 for none */
	bool are_alike;     /* the last two came after the same silence */
};

void losses_add(struct losses *losses, int64_t silence_ms);

enum loss_answer {
	LOSS_GIVE_UP,
	LOSS_CONNECT_AGAIN, /* look what is recorded, and go on from there */
	LOSS_GO_PAST,       /* the same, past what ends idle connections */
};

/* `is_reached`: only the mark in the history is left to make. */
enum loss_answer losses_answer(const struct losses *losses, bool has_way_past, bool is_reached);

/* Whether a server that refused the connection after a loss is given more time to come back. */
bool losses_may_come_back(const struct error *refusal, int64_t waited_ms);

/* Adds to the error what a person should know of it all. */
void losses_describe(const struct losses *losses, struct error *err);

#endif

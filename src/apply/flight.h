/*
 * flight.h - many transactional migrations in one round trip
 */
#ifndef RUNG_APPLY_FLIGHT_H
#define RUNG_APPLY_FLIGHT_H

#include "apply/passage.h"

struct flight;

/*
 * Runs passages in order as they are put in, without waiting between them.
 * The first failure stops everything after it: passages before it are
 * committed and recorded, it is rolled back, those after it never ran.
 */
MUST_USE bool flight_open(struct run *run, struct flight **out, struct error *err);

/* Takes the passage over. False when something before it has failed: flight_land() tells. */
MUST_USE bool flight_board(struct flight *flight, struct passage **passage, struct error *err);

/*
 * Waits for all. On failure `err` is what the failed passage met, blamed on
 * its place, and `*failed` (when not NULL) is that passage, which the caller
 * then owns; run->steps_done counts those that arrived.
 */
MUST_USE bool flight_land(struct flight *flight, struct passage **failed, struct error *err);
void flight_close(struct flight **flight);
#define scoped_flight SCOPED(flight_close)

#endif

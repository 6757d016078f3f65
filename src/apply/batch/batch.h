/*
 * batch.h - a statement over a large table, in chunks
 *
 * Each chunk changes one range of the key and is committed together with how
 * far it came: a kill at any point repeats nothing and loses nothing. The
 * size of a chunk follows its time; between chunks there is room for others.
 * Ctrl-C ends the chunk, not the work: it is continued by the same command.
 */
#ifndef RUNG_APPLY_BATCH_BATCH_H
#define RUNG_APPLY_BATCH_BATCH_H

#include "apply/step/step_script.h"

struct batch_place {
	int64_t version;
	size_t statement; /* its number in the journal */
	const char *checksum;
};

/* `done` is the journal's request, committed with the last chunk. */
MUST_USE bool batch_run(struct run *run, const struct step_script *step_script,
                        const struct statement *statement, const struct batch_place *place,
                        const struct request *done, struct error *err);

#endif

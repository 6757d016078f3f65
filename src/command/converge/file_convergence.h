/*
 * file_convergence.h - the statements that make a database what its edited files describe
 *
 * For a run (apply/migrate.h, `converging`): of steps that converge one after
 * the other it computes once what leads from the database to what their files
 * make, proves it both ways on a scratch server, and looks in the step's own
 * transaction whether it did. The statements of all are run with the first.
 *
 *	struct file_convergence convergence;
 *
 *	file_convergence_init(context, allows_data_loss, &convergence);
 *	run_options.converging = &convergence.converging;
 *
 * Everything lies on the context's arena.
 */
#ifndef RUNG_COMMAND_CONVERGE_FILE_CONVERGENCE_H
#define RUNG_COMMAND_CONVERGE_FILE_CONVERGENCE_H

#include "apply/migrate.h"
#include "command/converge/merged_catalog.h"

struct file_convergence {
	struct converging converging;
	struct context *context;
	const char *server_url; /* where files are built; NULL: on a scratch server of our own */
	bool allows_data_loss;
	/* of the steps that were asked for last */
	int64_t *versions;
	size_t version_count;
	struct convergence convergence;
	struct merging merging; /* what they decide about */
	struct catalog wanted;  /* of that, how it is to be */
	const char *self;       /* the role that counts as "@self" in the database */
};

void file_convergence_init(struct context *context, bool allows_data_loss, struct file_convergence *out);

/*
 * What is known of a step before it runs: false where that is nothing yet, as something comes before it.
 */
bool file_convergence_known(const struct file_convergence *convergence, const struct step *step,
                            struct convergence *out);

#endif

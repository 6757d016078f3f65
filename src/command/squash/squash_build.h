/*
 * squash_build.h - what the old migrations make, and whether the new file makes the same
 *
 * The old ones are built twice, each time on a server of its own, so that roles
 * are made as on a new one, and what depends on the moment shows. The new file
 * runs on a third, up and down, by the ordinary upgrade and downgrade, and
 * everything is compared: catalog, rows, sequences, roles, settings.
 */
#ifndef RUNG_COMMAND_SQUASH_SQUASH_BUILD_H
#define RUNG_COMMAND_SQUASH_SQUASH_BUILD_H

#include "command/generate/change_pair.h"
#include "command/squash/reference_rows.h"
#include "command/squash/squash_range.h"

struct squash_build {
	struct context *context;
	const struct squash_range *range;
	const char *server_url; /* NULL: servers of our own */
	struct catalog_filter filter;
	struct side_room room;
	struct side before;
	struct side after;
	struct database_rows rows_before;
	struct database_rows rows;
	struct database_rows rows_again;
	struct reference_rows reference;
	struct change_pair pair;
	const char **digests; /* by table of `rows` */
};

void squash_build_close(struct squash_build *build);
#define scoped_squash_build SCOPED(squash_build_close)

/* Fills what is said from `filter` on. */
MUST_USE bool squash_build_run(struct squash_build *build, struct error *err);

/* Of the new pair, by its texts. */
struct squash_texts;
MUST_USE bool squash_build_prove(struct squash_build *build, const struct squash_texts *texts,
                                 struct error *err);

#endif

/*
 * side_rest.h - what an ORM does not know of
 *
 * Models know tables, columns, keys, indexes and enums. What else migrations
 * make (functions, triggers, views, policies, checks, grants, comments ...) is
 * missing in a database that a command has made, and no wish to drop it. So of
 * each kind that the command makes nothing of, what the other side has is made
 * there as well, before anything is compared.
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_REST_H
#define RUNG_COMMAND_GENERATE_SIDE_REST_H

#include "catalog/catalog.h"
#include "command/command.h"
#include "command/generate/prerequisite.h"

struct side_rest {
	struct context *context;
	const struct catalog *made;                /* by the command */
	const struct catalog *other;               /* of the other side */
	struct catalog *without;                   /* the same, read once more: it is changed */
	const struct prerequisites *prerequisites; /* of the other side */
};

/*
 * Adds to the database of the command, which `db` is in, and says what; its catalog is then to be read again.
 * What does not fit there, such as a view on a table that is gone, is warned of.
 */
MUST_USE bool side_rest_add(const struct side_rest *rest, struct session *db, struct error *err);

#endif

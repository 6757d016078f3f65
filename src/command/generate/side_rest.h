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

#include "command/generate/side.h"

/*
 * Adds to the database of `side`, and says what; `side->catalog` is then to be read again. What does not fit
 * there, such as a view on a table that is gone, is warned of.
 */
MUST_USE bool side_rest_add(struct side_room *room, const struct side *like, const struct side *side,
                            struct error *err);

#endif

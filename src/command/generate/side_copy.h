/*
 * side_copy.h - a side once more, to be changed
 *
 * What was made on the scratch server is copied. Of a database the schema is
 * made anew there, without rows: by the SQL that leads from nothing to its
 * catalog; where that does not lead there, by what pg_dump prints, which needs
 * more rights.
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_COPY_H
#define RUNG_COMMAND_GENERATE_SIDE_COPY_H

#include "command/generate/side.h"

/* `parts`: what has to be the same. `*conninfo` is how to connect to it as the one who looked at `side`. */
MUST_USE bool side_copy(struct side_room *room, struct side *side, int parts, struct scratch_database *out,
                        const char **conninfo, struct error *err);

#endif

/*
 * import_pair.h - steps of another tool as pairs of ours
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_PAIR_H
#define RUNG_COMMAND_IMPORT_IMPORT_PAIR_H

#include "command/import/import_project.h"
#include "migration/rewrite.h"

/*
 * Makes both files of every step and the lines in 00_master_schema.sql. Each
 * text is read the way it will be run; what cannot work becomes a problem, as
 * does a file that is there with another text. One that is there with the
 * same text is left as it is.
 */
MUST_USE bool import_make_pairs(struct import *import, struct rewrite *rewrite, struct error *err);

#endif

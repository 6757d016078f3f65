/*
 * finding.h - noting what is wrong with the files
 */
#ifndef RUNG_MIGRATION_FINDING_H
#define RUNG_MIGRATION_FINDING_H

#include "migration/tree.h"

/* Keeps what `err` says, on `arena`. Kinds know themselves whether they are errors. */
void finding_add(struct tree *tree, enum finding_kind kind, const char *path, const struct error *err,
                 struct arena *arena);

#endif

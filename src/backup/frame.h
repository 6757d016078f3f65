/*
 * frame.h - the facts of a backup, as they travel inside of it
 *
 * JSON in a zstd skippable frame behind the archive, inside the encryption:
 * what stock zstd passes over, we read.
 */
#ifndef RUNG_BACKUP_FRAME_H
#define RUNG_BACKUP_FRAME_H

#include "backup/facts.h"
#include "base/str.h"

struct str frame_write(const struct facts *facts, struct arena *arena);
MUST_USE bool frame_read(struct str text, struct arena *arena, struct facts *out, struct error *err);

#endif

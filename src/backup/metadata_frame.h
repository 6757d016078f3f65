/*
 * metadata_frame.h - the facts of a backup, as they travel inside of it
 *
 * JSON in a zstd skippable frame after the archive, inside the encryption:
 * what stock zstd passes over, we read.
 */
#ifndef RUNG_BACKUP_METADATA_FRAME_H
#define RUNG_BACKUP_METADATA_FRAME_H

#include "backup/summary/summary.h"
#include "base/str.h"

struct str metadata_frame_write(const struct database_summary *summary, struct arena *arena);
MUST_USE bool metadata_frame_read(struct str text, struct arena *arena, struct database_summary *out,
                                  struct error *err);

#endif

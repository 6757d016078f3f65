/*
 * content.h - what a tree wants to know of a file's text
 */
#ifndef RUNG_MIGRATION_CONTENT_H
#define RUNG_MIGRATION_CONTENT_H

#include "migration/directive.h"
#include "migration/tree.h"

struct content {
	const char *checksum;
	struct directives directives;
};

/* A directory that stays open while its files are read. */
struct content_reader {
	const char *directory;
	int fd;
	struct arena *scratch; /* the text of one file at a time */
};

/*
 * Reads one file once, proves that it is text, digests it and reads its head;
 * nothing of the text stays. On failure `*kind` says which finding this is.
 * With bad directives the checksum is filled all the same.
 */
MUST_USE bool content_read(const struct content_reader *reader, const char *file_name, const char *shown_path,
                           struct arena *arena, struct content *out, enum finding_kind *kind,
                           struct error *err);

#endif

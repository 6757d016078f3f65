/*
 * choice.h - the backup a verb was asked about
 *
 * "latest", an id or its beginning from the store, or a file; one that is
 * named like these words needs "./" before it. What is chosen has been
 * fetched, its size and hash compared, and is trusted.
 */
#ifndef RUNG_COMMAND_CHOICE_H
#define RUNG_COMMAND_CHOICE_H

#include "command/vault.h"

struct choice {
	struct vault vault;
	struct entry entry; /* id NULL: a file without a manifest to compare it with */
	const char *path;   /* of the file; NULL: it is in the store */
	struct spool *spool;
	struct restore_options options;
	struct proof proof; /* for the verb to fill */
};

/* The verb has an option --allow-unsigned. `out` is cleared by the caller, also on failure. */
MUST_USE bool choice_open(struct context *context, const char *text, struct choice *out, struct error *err);
void choice_clear(struct choice *choice);
#define scoped_choice SCOPED(choice_clear)

/*
 * Both halves of it: finding out what is meant, which is quick, and having it here, which may not be. A vault
 * that is open already is used: keys out of a pipe are read once.
 */
MUST_USE bool choice_look(struct context *context, const char *text, struct choice *out, struct error *err);
MUST_USE bool choice_take(struct context *context, struct choice *choice, struct error *err);

/* The second half for one that was found in the store already; the vault in `out` is open. */
MUST_USE bool choice_fetch(struct context *context, const struct entry *entry, struct choice *out,
                           struct error *err);

/* Whether the backup before it is the one it was linked to, as far as that is still there. */
MUST_USE bool choice_check_link(struct vault *vault, const struct entry *entry, struct error *err);

/* The entry alone. For "latest" the database is asked whether it knows of a newer one. */
MUST_USE bool choice_find(struct vault *vault, const char *text, struct entry *out, struct error *err);

#endif

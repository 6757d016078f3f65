/*
 * change_pair.h - the SQL from one side to the other, and the SQL for the opposite direction
 *
 * Proved (proof.h) unless somebody wants it as it is. What cannot be proved is
 * not handed out: it is left in a directory as a draft, and the error says where.
 */
#ifndef RUNG_COMMAND_GENERATE_CHANGE_PAIR_H
#define RUNG_COMMAND_GENERATE_CHANGE_PAIR_H

#include "command/generate/proof.h"
#include "command/generate/renaming.h"

struct change_pair_options {
	struct side_room *room;
	struct side *from; /* both filtered by `filter` already */
	struct side *to;
	const struct catalog_filter *filter;
	const struct renaming *renaming; /* NULL for none */
	int parts;
	bool is_online;
	bool keeps_rows;     /* values that are dropped up come back down */
	bool is_one_way;     /* `down` is not made */
	bool keeps_no_draft; /* of what does not prove */
	bool is_proved; /* else changes without a known statement are warned of, and it is handed out as it is */
};

struct change_pair {
	struct change_script up;
	struct change_script down;
	struct proof_result proof;
};

MUST_USE bool change_pair_make(const struct change_pair_options *options, struct change_pair *out,
                               struct error *err);

/* All parts in one text, told apart by comments. */
const char *change_script_whole(const struct change_script *script, struct arena *arena);

/* For programs each statement, as an object of its own; nothing for people. */
void change_script_report(const struct change_script *script, const char *direction, struct context *context);

/* The parts as files: up.sql, up_2.sql ... Existing ones are written over. */
MUST_USE bool change_script_save(const struct change_script *script, const char *path, struct arena *arena,
                                 struct error *err);

#endif

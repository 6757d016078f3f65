/*
 * proof.h - whether generated SQL does what it is to
 *
 * On a copy of FROM, on a scratch server: up, after which the catalog has to be
 * that of TO, and nothing is left to be generated; down, after which it has to
 * be that of FROM. Tables of FROM that the SQL leaves alone get a few rows
 * before, which have to be there afterwards, column by column.
 *
 * Of files each step has to lead to its own state, both ways, as far as that is
 * known.
 *
 * The databases that were compared are not touched.
 */
#ifndef RUNG_COMMAND_GENERATE_PROOF_H
#define RUNG_COMMAND_GENERATE_PROOF_H

#include "command/generate/catalog_filter.h"
#include "command/generate/side.h"
#include "generate/change_script.h"

struct pair_files;
struct series_step;

/* What the scripts were written into: several steps, each up and down. */
struct proof_files {
	struct pair_files *files;
	const struct series_step *steps;
	size_t count;
};

struct proof_options {
	struct side_room *room;
	struct side *from;
	struct side *to;
	const struct catalog_filter *filter; /* that both catalogs went through */
	int parts;                           /* what was compared */
	const struct change_script *up;
	const struct change_script *down; /* NULL: only up is proved */
	const struct name_list *not_back; /* down brings all rows back but for these tables and columns; NULL:
	                                     those that nobody says to lose */
	const struct proof_files *files;  /* run in their place; NULL: the scripts themselves */
};

struct proof_result {
	size_t seeded;                         /* tables that had rows and kept them */
	const struct change_script *refused;   /* of a failure: the script of which one was refused, or NULL */
	const struct change_statement *failed; /* and which */
};

/*
 * The error says which way fails: a statement with the server's words (ERROR_SQL), or what differs afterwards
 * (ERROR_FOUND). Of `out` what was refused is known then too.
 */
MUST_USE bool proof_run(const struct proof_options *options, struct proof_result *out, struct error *err);

#endif

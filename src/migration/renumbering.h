/*
 * renumbering.h - which files move past the ones that came first
 *
 * Pure: who came first is found out by somebody else (git, the history, the
 * user). Files that are ours and collide with another one, or sort before one
 * that came first, get the numbers after all of those; our own keep their
 * order. Where two files have one number and nothing tells which came first,
 * it is refused with the way to say so.
 */
#ifndef RUNG_MIGRATION_RENUMBERING_H
#define RUNG_MIGRATION_RENUMBERING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct numbered_file {
	const char *stem; /* "05_search" */
	int64_t number;
	int width;
	const char *branch; /* a labelled branch has an order of its own: its files move only when they collide */
	bool runs_last; /* its number is no place: it moves only when it collides, and the others pass it by */
	const char *old_id; /* in the tool it was imported from; NULL for none */
	bool is_absent;     /* the number is taken, but the file is not here: on another branch, or gone */
	bool is_known;      /* it came first: the reference branch has it, or it is applied */
	bool is_applied;    /* in the database at hand; never moves */
	bool is_named;      /* by the user; when any is, those are ours and all others came first */
	size_t age;         /* how long it has been there; 0: not longer than since now */
	/* out: */
	bool is_ours;
	int64_t new_number; /* `number` when it stays */
};

/* Sorts the files by number and fills in what is said to be "out"; `now` is seconds since 1970. */
MUST_USE bool renumbering_plan(struct numbered_file *files, size_t count, int64_t now, struct error *err);

#endif

/*
 * program.h - where PostgreSQL's programs are
 *
 * Distributions keep them apart by version and mostly outside PATH. Of those
 * that will do the one nearest to the server is taken: of its major version,
 * else the next newer, else the newest of the older ones; the newest of all
 * where no server is named. The usual places come first and PATH last.
 */
#ifndef RUNG_PG_PROGRAM_H
#define RUNG_PG_PROGRAM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct program_wish {
	const char *const *names; /* all in one directory; NULL-terminated */
	const char *bindir;       /* look only here; NULL for the usual places */
	int least_major;          /* 0 for any */
	int most_major;           /* 0 for any */
	int server_major;         /* the one to be near to; 0: the newest is taken */
	const char *package;      /* what to install when they are not there, for the hint */
};

struct program_place {
	const char *directory;
	int major;
};

MUST_USE bool program_find(const struct program_wish *wish, struct arena *arena, struct program_place *out,
                           struct error *err);

/* 15 from "initdb (PostgreSQL) 15.14 (Debian 15.14-0)", or 0. */
int program_major(struct str words);

#endif

/*
 * side.h - one of two databases that are compared
 *
 * What is a database already is looked at where it is. All else is made into
 * one on a scratch server: by the ordinary upgrade, or by running SQL. It is
 * gone when its room is left.
 *
 * Both have to be of the same major version, as each prints expressions in its
 * own way; so databases are opened first, and what is made is made like them:
 * of their major version, text stored the same way, extensions in the same
 * schemas, by a role of the same name.
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_H
#define RUNG_COMMAND_GENERATE_SIDE_H

#include "catalog/catalog.h"
#include "command/generate/prerequisite.h"
#include "command/generate/side_name.h"
#include "command/generate/table_size.h"
#include "command/scratch/scratch_database.h"
#include "generate/rename_hint.h"

/* Where sides are made; the server is started when the first one needs it. */
struct side_room {
	struct context *context;
	const char *server_url; /* as libpq has it; NULL: a server of our own */
	int major;              /* that everything has to be of; 0 while nobody has said */
	const char *major_of;   /* who said it, for people */
	struct scratch_server server;
	bool has_server;
};

struct side {
	struct side_name name;
	const char *title; /* for people; no password */
	struct catalog catalog;
	const char *conninfo;            /* how it was looked at: with the same role that `catalog` calls self */
	struct scratch_database scratch; /* `exists`: it was made, and may be changed */
	struct prerequisites has;        /* what others that are made like it shall have */
	struct scratch_likeness likeness;
	struct table_sizes sizes;    /* of a database */
	struct rename_hints renames; /* what its SQL says was called otherwise */
	bool is_open;
};

/* Closed after its sides. */
void side_room_close(struct side_room *room);
#define scoped_side_room SCOPED(side_room_close)
void side_close(struct side *side);
#define scoped_side SCOPED(side_close)

/* `like`: the other one, if it is open already; NULL for none. Everything lies on the context's arena. */
MUST_USE bool side_open(struct side_room *room, const struct side_name *name, const struct side *like,
                        struct side *out, struct error *err);

/* Both, in the order in which they have to be opened. */
MUST_USE bool sides_open(struct side_room *room, const struct side_name *from, const struct side_name *to,
                         struct side *out_from, struct side *out_to, struct error *err);

/* An empty scratch database that is like `like`, and a way to connect to it as the same role. */
MUST_USE bool side_room_make(struct side_room *room, const struct side *like, struct scratch_database *out,
                             const char **conninfo, struct error *err);

/* How to connect to that one as the one who looked at `like`. */
MUST_USE bool side_room_connect(struct side_room *room, const struct side *like,
                                struct scratch_database *database, const char **conninfo, struct error *err);

/* The catalog as it is now, without tables of the history. */
MUST_USE bool side_look(struct side_room *room, const char *conninfo, struct catalog *out, struct error *err);

#endif

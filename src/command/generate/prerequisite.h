/*
 * prerequisite.h - what SQL takes for granted: roles and extensions
 *
 * A scratch database has none of what was set up beside the migrations. On a
 * server of our own missing roles are made (they cannot log in), and extensions
 * as the other side of the comparison has them: in the same schema, or names
 * would differ everywhere, and in the same version where that can be had.
 */
#ifndef RUNG_COMMAND_GENERATE_PREREQUISITE_H
#define RUNG_COMMAND_GENERATE_PREREQUISITE_H

#include "pg/session.h"

struct extension_place {
	const char *name; /* all three as the catalog has them, without quotes */
	const char *schema;
	const char *version;
};

struct prerequisites {
	struct extension_place *extensions; /* of the other side; none where it does not exist yet */
	size_t extension_count;
	const char *self;   /* the role that looked there, without quotes; NULL for none */
	bool is_own_server; /* the scratch server is ours: roles may be made */
};

/* Extensions and role of the database `db` is in. */
MUST_USE bool prerequisites_load(struct session *db, struct arena *arena, struct prerequisites *out,
                                 struct error *err);

/* NULL when the other side has no such extension. */
const struct extension_place *prerequisites_find(const struct prerequisites *prerequisites, const char *name);

/* Creates that one, with its schema; in another version where that one cannot be had. */
MUST_USE bool extension_place_create(const struct extension_place *place, struct session *db,
                                     struct error *err);

/* All that can be had; names found without a schema are looked for there too, by all later sessions. */
MUST_USE bool prerequisites_create(const struct prerequisites *prerequisites, struct session *db,
                                   struct error *err);

/* Moves those that SQL has made elsewhere, as far as they can be moved. */
MUST_USE bool prerequisites_move(const struct prerequisites *prerequisites, struct session *db,
                                 struct error *err);

/*
 * Whether the refusal was for want of a role, and that is there now. Never on somebody's own server.
 */
bool prerequisites_make_role(const struct prerequisites *prerequisites, const struct error *refusal,
                             struct session *db);

/* Says what to do about a refusal for want of a role or an extension; returns false. */
bool prerequisites_explain(const struct prerequisites *prerequisites, int server_version, struct error *err);

/* Whether a refusal could be for want of an extension that the other side has. */
bool refusal_is_of_absence(const struct error *refusal);

#endif

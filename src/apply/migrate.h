/*
 * migrate.h - applying and rolling back migrations
 *
 * One call does what "upgrade" or "downgrade" promise: look, take the
 * migration lock, look again, plan, run every step, record it, let go. If
 * the connection is lost on the way it connects once more, sees what was
 * committed and continues from there.
 *
 * Whatever happens, database and history agree when it returns; the error's
 * `state` says in a sentence what that state is.
 */
#ifndef RUNG_APPLY_MIGRATE_H
#define RUNG_APPLY_MIGRATE_H

#include "base/arena.h"
#include "base/error.h"
#include "history/history_store.h"
#include "migration/tree.h"
#include "pg/query.h"
#include "pg/session.h"
#include "plan/plan.h"
#include "report/event.h"
#include "sql/script.h"

enum direction {
	DIRECTION_UP,
	DIRECTION_DOWN,
};

struct migrate_result {
	size_t steps;      /* done by this run */
	bool is_continued; /* they were the rest of an earlier run, or there was nothing left of it */
	/*
	 * Highest version applied, on the arena, when there was nothing to do; 0 and NULL on an empty database.
	 */
	int64_t head;
	const char *head_name;
};

struct lock_policy {
	int64_t lock_timeout_ms;      /* of one try for a lock that blocks others */
	int64_t lock_wait_ms;         /* in all, with retries; also for the migration lock */
	int64_t statement_timeout_ms; /* -1: as the server says */
	int64_t cancel_blockers_ms;   /* cancel who holds us up for longer; 0: never */
	int64_t terminate_blockers_ms;
	bool show_queries; /* of blockers */
};

enum drift_policy {
	DRIFT_IGNORED,
	DRIFT_WARNED_OF,
	DRIFT_REFUSED,
};

/* What leads from the database to what edited files describe, as a script of ours. */
struct convergence {
	const char *sql;  /* "" where nothing differs */
	const char *back; /* takes it back: kept in the log, for people */
};

/*
 * Who knows what that is, for the steps that converge one after the other. It is asked before the lock is
 * taken, where the first step is one of them, and again when each runs: everything before it is committed
 * then, and it must say the same where that has not changed what it is about.
 */
struct converging {
	bool (*plan)(const struct plan *plan, const struct step *step, void *context, struct convergence *out,
	             struct error *err);
	/* In the step's transaction, behind all of it: whether the database is as it was to be. */
	bool (*prove)(const struct step *step, struct session *db, void *context, struct error *err);
	void *context;
};

/* What a run is asked for: given whole, and not changed by anybody from then on. */
struct migrate_options {
	/* where */
	struct session_options connection;
	const char *direct_url; /* past a transaction pooler; NULL for none */
	struct qualified_name history;
	const char *trusted_owner; /* of the history's tables, also trusted; or NULL */
	/* what */
	const struct tree *tree;
	struct script_options scripts; /* how files are read, but for what only the connection knows */
	enum direction direction;
	const char *target; /* as the user said it; NULL for the direction's default */
	struct plan_options plan_options;
	/* how */
	struct lock_policy locks;
	bool is_alone;           /* a scratch database: looked at once, and without a look for who holds locks */
	bool single_transaction; /* all steps or none */
	bool allow_empty;        /* files that are still the template run as they are: nothing */
	bool resumes;            /* only the half-done migration; an unfinished run stays so */
	bool begins_new;         /* a relative target does not mean the rest of an unfinished run */
	bool keeps_catalog;      /* what the schema is like is kept at the end of a run that changed something */
	enum drift_policy drift; /* about a schema that is not as it was kept; of a way up only */
	const char *const *drift_ignored;    /* patterns of objects that do not count; NULL-terminated, or NULL */
	const struct converging *converging; /* NULL: such steps only run their file again */
	struct author author;
	struct reporter *reporter;
};

/* What a run is about to do. */
struct migrate_intent {
	const struct plan *plan;
	const struct session_options *connection; /* past a pooler, where that way was taken */
	const struct author *author;              /* with the run's id, which may be an earlier one's */
	bool is_first;                            /* the history held nothing when the run began */
};

/* What the caller of a run does in its course. Each is called once, however often the connection is lost. */
struct migrate_events {
	/* A person still has to be asked: no lock is held. NULL for none. */
	bool (*confirm)(const struct migrate_intent *intent, void *context, struct error *err);
	/*
	 * There is something to do: the lock is held and nothing has run yet. False
	 * stops everything, database unchanged. `*backup` is for the id of one that
	 * was made, which the history then names. NULL for none.
	 */
	bool (*before)(const struct migrate_intent *intent, void *context, const char **backup,
	               struct error *err);
	bool backs_up; /* `before` may take hours */
	/*
	 * A relative target is reached, also by an earlier run: everything is committed, no lock is held, and
	 * the run is not marked as finished yet. What fails here leaves it so, and the same command takes no
	 * step a second time. NULL for none.
	 */
	bool (*conclude)(const struct migrate_result *result, void *context, struct error *err);
	void *context;
};

/* `events` may be NULL, for none of them. */
MUST_USE bool migrate_run(const struct migrate_options *options, const struct migrate_events *events,
                          struct arena *arena, struct migrate_result *out, struct error *err);

/* The plan alone: reads, never writes, never waits for a lock. */
MUST_USE bool migrate_plan(const struct migrate_options *options, struct arena *arena, struct plan *plan,
                           struct history *history, struct error *err);

/*
 * The plan and what migrate_run() would say of it before anything runs: what it
 * would refuse is refused in the same words.
 */
MUST_USE bool migrate_preview(const struct migrate_options *options, struct arena *arena, struct plan *out,
                              struct error *err);

struct print_options {
	bool is_brief;      /* for people to read: the files, and a line for the history of each */
	struct error *stop; /* a way down that ends early is told here; NULL: it is refused */
	const char *from;   /* where the database is taken to be, whatever it says itself; NULL: it is asked */
	void (*print)(void *context, const char *text);
	void *context;
};

/*
 * What migrate_run() would do, as a script that psql can run (history included),
 * handed to `print` piece by piece. Without a connection string (NULL) the
 * database is taken to be empty. What migrate_run() would refuse and what a
 * script cannot do as it does is refused before anything is printed; only with
 * `print->stop` a way down is printed as far as it goes, and says so at its end.
 */
MUST_USE bool migrate_print(const struct migrate_options *options, const struct print_options *print,
                            struct error *err);

/*
 * Runs `work` under the migration lock with the history loaded: for stamp,
 * repair and whatever else changes the record without running anything.
 */
struct locked_history {
	struct session *db;
	struct history history;
	struct claim_list claims; /* what the history is to show in the end; `work` adds to them */
	bool keeps_catalog; /* `work` says that the database is as it should be: what it is like is kept anew */
	struct arena *arena;
};
typedef bool (*locked_work)(const struct migrate_options *options, struct locked_history *locked,
                            void *context, struct error *err);
MUST_USE bool migrate_with_lock(const struct migrate_options *options, locked_work work, void *context,
                                struct error *err);

#endif

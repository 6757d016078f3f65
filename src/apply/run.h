/*
 * run.h - the state of one run, for the files of apply/
 */
#ifndef RUNG_APPLY_RUN_H
#define RUNG_APPLY_RUN_H

#include "apply/migrate.h"

struct file_cache;
struct watch;

/* How the connection reaches its backend, as far as locks and settings depend on it. */
enum pooling {
	POOLING_NONE,        /* direct, or a pooler that keeps one backend for one session */
	POOLING_TRANSACTION, /* every transaction may meet another backend */
};

/* What a run is to reach: resolved once, whatever happens to the connection or to other deployers. */
struct run_goal {
	struct plan plan;         /* what there was to do when it was first looked; count 0 before that */
	struct run_record record; /* the same for the history; id NULL before that */
	const char *command; /* that finishes it and names its end, such as "rung downgrade 04_copy"; or NULL */
	bool is_continued;   /* it was begun by an earlier run */
	bool is_reached;     /* a relative one: only the mark in the history is left to make */
};

struct run {
	const struct migrate_options *options;
	const struct migrate_events *events;
	/* settled once, whatever becomes of the connection */
	struct session_options connection; /* past a pooler, or what ends idle ones, once that way was taken */
	struct author author;              /* with the backup that was made and the run that is continued */
	struct run_goal goal;
	bool is_confirmed; /* each event was answered */
	bool is_begun;
	bool is_concluded;
	bool is_first;      /* the history held nothing when the run began */
	bool is_compared;   /* with the schema that was kept */
	bool is_second;     /* an earlier connection was lost: what it did is not counted here */
	struct error *stop; /* of a script: migrate.h */
	/* of this connection */
	struct session *db;
	struct server_info facts;
	enum pooling pooling;
	struct watch *watch;
	int64_t lock_deadline_ms; /* clock_now_ms() at which patience with locks ends */
	int64_t lock_timeout_ms;  /* of the next try; longer than the policy's for an autovacuum worker */
	bool is_prepared;         /* the queries of every step are prepared in this session */
	bool avoids_prepared;     /* a file threw them away, or a pooler would */
	bool clears_prepared; /* code of the database prepares statements: all are thrown away after each file */
	bool meets_code;      /* what the run itself made lets any statement run code of the database */
	bool may_run_late;    /* a file of the open transaction may have left code for COMMIT to run */
	bool forgoes_client_check; /* the server cannot look whether we are still there */
	int attempts;              /* for the backoff */
	size_t steps_done;
	bool may_be_other; /* a nontransactional file at work may have changed user or encoding of the session:
	                      as_session_user.h */
	bool may_wait;     /* for who has the lock, to see what is left when it is over */
	bool is_recorded;  /* the goal's record is in the history */
	struct file_cache *cache; /* of the files it reads; NULL for none */
	struct rows *old_holders; /* of locks, as lock_wait.c last saw them; NULL for none */
	int stopped_pid;          /* the blocker we last cancelled or terminated */
	int64_t stopped_at_ms;
};

struct run run_init(const struct migrate_options *options, const struct migrate_events *events);

/* Closes what belongs to the connection and forgets it; what is settled stays. */
void run_close(struct run *run);

struct step_limits {
	int64_t lock_timeout_ms;
	int64_t statement_timeout_ms; /* -1: as the server says */
};

/* Whether statements run code of the database that do not look so; all files may leave anything then
 * (kind.h). */
bool run_meets_code(const struct run *run);

struct step_limits run_limits(const struct run *run, const struct migration *migration);

/* As PostgreSQL takes a timeout; NULL for -1. */
const char *milliseconds_text(struct arena *arena, int64_t ms);

/* Writes down what the run sets out to do; in the transaction of its first step where that has one. */
struct request run_begin_request(const struct run *run, struct arena *arena);

/* A step is done: patience with locks starts anew for the next one. */
void run_arrived(struct run *run);

/* Whether trying again may help: a lock not obtained, a deadlock. */
bool run_may_try_again(const struct error *err);

/*
 * Whether the server refused client_connection_check_interval, as it does
 * where its system cannot tell that a client has gone. From here on it is not
 * asked to look, and what failed may be tried again.
 */
bool run_forgoes_client_check(struct run *run, const struct error *err);

/* Outside any transaction; in one of its own where only that can have the role. */
MUST_USE bool run_by_itself(struct session *db, const struct request *request, struct error *err);

/* Appends a failure to the log, in a transaction of its own; a failure to do so is only a warning. */
void run_log_failure(struct run *run, const struct step *step, const struct error *err);

/* `duration_ms` -1 where it has none yet. */
void run_say_step(const struct run *run, const struct step *step, enum event_kind phase, int64_t duration_ms);

#endif

/*
 * step_script.h - one transactional step, ready to travel
 *
 * A step's script is everything a step says to the server, in order: BEGIN, the
 * limits, the file's statements, what puts the session back as it was, the
 * row and the log of the history, COMMIT. The same list is sent in a pipeline,
 * said one by one where data has to be copied, or printed as a script.
 */
#ifndef RUNG_APPLY_STEP_STEP_SCRIPT_H
#define RUNG_APPLY_STEP_STEP_SCRIPT_H

#include "apply/run.h"
#include "apply/step/step_query.h"
#include "migration/kept_rollback.h"
#include "migration/mode.h"
#include "sql/script.h"

enum message_role {
	MESSAGE_BEGIN,
	MESSAGE_LIMITS,    /* timeouts, for this transaction only */
	MESSAGE_LOCK,      /* the migration lock, where the transaction has to hold it */
	MESSAGE_CONVERGE,  /* before the file: step_script_converge.c */
	MESSAGE_STATEMENT, /* of the file */
	MESSAGE_PROOF,     /* nothing for the server: the caller looks */
	MESSAGE_RESTORE,   /* the session as it was (session_restore.h) */
	MESSAGE_SETTLE,    /* deferred constraints, as COMMIT would check them */
	MESSAGE_CHECK,     /* whether the session is as it was */
	MESSAGE_HISTORY,
	MESSAGE_COMMIT,
};

struct message {
	enum message_role role;
	struct request request;
	const struct statement *statement; /* for MESSAGE_STATEMENT and MESSAGE_CONVERGE */
};

/* Which parts of its transaction a step opens and closes itself; both unless several share one. */
struct step_script_ends {
	bool begins;
	bool commits;
	bool notes_run; /* writes down what the run sets out to do */
	enum commit_mode commit;
};

/* An \echo, and its place among the statements that are sent. */
struct step_script_echo {
	size_t index;
	const char *text;
};

struct step_script {
	struct arena arena;
	const struct step *step;
	struct script script; /* without its statements where is_streamed */
	bool is_streamed;     /* too large to be held: its statements are read each time they are needed */
	const char *path;     /* to read them from */
	struct script_options options;
	uint8_t digest[DIGEST_SIZE]; /* of what was looked through, to be found again when it runs */
	size_t statement_count;      /* \echo among them */
	enum run_mode mode;
	const char *begin;                  /* the BEGIN that is the file's first statement; or NULL */
	struct convergence convergence;     /* of a step that converges; `sql` NULL: of any other */
	struct script converging;           /* its statements */
	struct kept_rollback kept_rollback; /* to be kept with the record; empty for a rollback */
	struct message *messages;           /* none if nontransactional; without the statements if streamed */
	size_t count;
	size_t statements_at;  /* the first of them, or where those of a streamed one belong */
	size_t streamed_count; /* messages that are statements of a streamed one */
	size_t total;          /* messages, all statements among them */
	struct step_script_echo *echoes;
	size_t echo_count;
	const char **prepared; /* statements that the file leaves prepared */
	size_t prepared_count;
	struct step_script_ends ends;
	struct known_strings *known_strings; /* found out since it was opened */
	size_t known_strings_count;
	bool
	    asks_strings; /* a literal of it depends on standard_conforming_strings, as the session has it then */
	bool has_data;    /* needs COPY, which a pipeline cannot carry */
	bool changes_session; /* settings, user or role */
	bool may_leave;       /* more than settings in the session (kind.h) */
	bool may_set;         /* settings, even where no statement says so */
	struct step_script *next;
};

/* Appends a message for step_script_plan() and what it calls to fill in. */
struct message *step_script_add(struct step_script *step_script, enum message_role role);

/* One that has no values: as every step says it, or a text of its own. */
void step_script_add_query(struct step_script *step_script, enum message_role role, enum step_query query);
void step_script_add_command(struct step_script *step_script, enum message_role role, const char *sql);

/* What psql would know of the connection. */
void step_script_know_connection(const struct session *db, struct arena *arena,
                                 struct script_options *options);

/* Where scripts may include from, and what psql would know of the connection. */
struct script_options step_script_options(const struct run *run, struct arena *arena);

/*
 * Whether reading the step's script means asking the database, which nobody can while a pipeline is open.
 */
bool step_script_must_ask(const struct step *step);

/*
 * Reads the step's script and decides how it must run. One that is small, or nontransactional, is loaded with
 * all its statements; any other is only looked through.
 */
MUST_USE bool step_script_open(struct run *run, const struct step *step, struct step_script **out,
                               struct error *err);

/*
 * Of a step that converges: what is to be run before the file. Behind everything that comes before the step,
 * and outside of a pipeline.
 */
MUST_USE bool step_script_converge(struct run *run, struct step_script *step_script, struct error *err);
void step_script_add_convergence(struct step_script *step_script);
bool step_script_prove(const struct run *run, const struct step_script *step_script, struct error *err);

/* Loads the statements of a streamed one after all, for who wants to look at them in any order. */
MUST_USE bool step_script_hold(struct step_script *step_script, struct error *err);

/* Shows `see` all statements in order. */
typedef void (*step_script_see)(void *context, const struct statement *statement);
MUST_USE bool step_script_each(const struct step_script *step_script, step_script_see see, void *context,
                               struct error *err);

/* Whether it is no message of its own: a file's BEGIN and COMMIT around everything are ours (mode.h). */
bool step_script_omits(const struct statement *statement);

/* Writes down the messages, in order, of a transactional one. */
void step_script_plan(struct run *run, struct step_script *step_script, struct step_script_ends ends);

void step_script_close(struct step_script **step_script);
#define scoped_step_script SCOPED(step_script_close)

/*
 * Before a statement of the script runs: whether it was read as the session has standard_conforming_strings
 * by now. Where it was not, script and messages are read again from there on, as psql would.
 */
MUST_USE bool step_script_follow_strings(struct run *run, struct step_script *step_script, size_t statement,
                                         struct error *err);

/* Loads the script, with what is known of its strings, and decides how it must run; messages are the
 * caller's. */
MUST_USE bool step_script_load(struct run *run, struct step_script *step_script, struct error *err);

/* Says all messages one by one. The transaction is left open on failure. */
MUST_USE bool step_script_run(struct run *run, struct step_script *step_script, struct error *err);

/*
 * All messages in order, those of a streamed file made as they are asked for. `*out` is NULL at the end, else
 * good until the next call; a statement's text is still to be copied into its request. Before what follows
 * the statements of a streamed one it is certain that they were those that were looked through; it fails
 * where the file has changed since.
 */
struct message_cursor {
	struct step_script *step_script;
	size_t next; /* of the script's messages */
	size_t done; /* messages so far */
	struct script_stream *stream;
	bool is_past_statements;
	struct message at;
};
MUST_USE bool message_next(struct message_cursor *cursor, const struct message **out, struct error *err);
void message_cursor_clear(struct message_cursor *cursor);
#define scoped_message_cursor SCOPED(message_cursor_clear)

/* The same, put on the `index`th message: what the server complained of, looked up again. */
bool step_script_locate_error_at(const struct run *run, struct step_script *step_script, size_t index,
                                 struct error *err);

/* Puts the server's complaint about one message at its place in the file. */
bool step_script_locate_error(const struct run *run, const struct step_script *step_script,
                              const struct message *message, struct error *err);

/* The server's complaint about a write to the history, at the statement that took its tables away. */
bool step_script_explain_history_error(const struct run *run, const struct step_script *step_script,
                                       struct error *err);

/* A script's statement with its data, by itself; \echo is said aloud. */
MUST_USE bool statement_run(struct run *run, const struct statement *statement, struct error *err);

/* The record as it is to be written for this step. */
struct record_values step_script_record(struct step_script *step_script);

#endif

/*
 * script.h - a migration's text as the statements psql would send
 *
 * Where a statement ends is psql's decision; this agrees with it (literals of
 * every form, nested comments, dollar quotes, parentheses, BEGIN ATOMIC
 * bodies, "\;", COPY data), and so do psql's variables and those backslash
 * commands that need no server. Everything is settled before anything runs:
 * what comes out is a flat list of statements, includes and \if resolved.
 *
 * Text of statements looks into the loaded files wherever no variable had to
 * be replaced, so a script costs little more than its file. Inline COPY data
 * is never copied: a file of any size is read in constant memory.
 */
#ifndef RUNG_SQL_SCRIPT_H
#define RUNG_SQL_SCRIPT_H

#include "base/arena.h"
#include "base/boundary.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "sql/kind.h"
#include "sql/lexer.h"

/* A file that takes part: the migration itself or something it includes. */
struct source {
	const char *path;      /* as shown to people: relative to the project where possible */
	const char *real_path; /* absolute, links resolved; NULL for text in memory */
	struct file_text file;
};

/* A point in a source. Columns count characters from 1, as an editor does. */
struct place {
	const char *path;
	size_t line;
	size_t column;
	struct str text; /* the whole source line, without its line end */
};

/* Maps a stretch of a statement's text to where it was written. */
struct piece {
	size_t from;    /* byte offset in the statement's text */
	size_t origin;  /* byte offset in the source */
	bool is_copied; /* byte for byte; otherwise all of it stands for `origin` (a variable's value) */
};

enum statement_input {
	INPUT_NONE,
	INPUT_INLINE, /* COPY ... FROM STDIN, data in the file up to "\." */
	INPUT_FILE,   /* \copy ... from 'file': the text is rewritten to COPY ... FROM STDIN */
};

/* A "-- rung: ..." comment before a statement, in any case and with any blanks around the word. */
struct directive_text {
	struct str text; /* after the colon, trimmed */
	size_t offset;   /* of `text` in the source */
};

struct statement {
	struct str text; /* what travels to the server, without the final semicolon */
	const struct source *source;
	size_t offset;              /* of its first character in the source, comments before it skipped */
	size_t line;                /* of the same, from 1 */
	const struct piece *pieces; /* how text maps to the source; none: byte for byte from `offset` */
	size_t piece_count;
	struct statement_kind kind;
	const struct directive_text *directives; /* between the statement before and this one, in order */
	size_t directive_count;
	struct str directive; /* the last of them, or empty */
	size_t directive_offset;
	enum statement_input input;
	struct str data;         /* INPUT_INLINE: the data, without the "\." line */
	const char *data_path;   /* INPUT_FILE: absolute, or relative to the working directory */
	bool has_escapes;        /* read as with standard_conforming_strings off */
	bool depends_on_escapes; /* and would have been read otherwise with the other value */
	bool joins_next;         /* ended by "\;": psql sends it in one message with the next one */
	const char *echo;        /* not NULL: no statement at all but an \echo, in its place in the order */
	bool is_qecho;           /* it was \qecho, which follows psql's -o and \o */
};

struct script {
	struct statement *statements;
	size_t count;
	struct source **sources; /* sources[0] is the file itself */
	size_t source_count;
	struct script_variable *uses; /* what it was given from outside and made use of, each name once */
	size_t use_count;
};

struct script_variable {
	const char *name;
	const char *value; /* of `uses`: NULL where the file asked for one that was not set */
	size_t first;      /* of `uses`: how many statements stand before the first use */
	bool is_typed;     /* of what is given: on the command line */
};

/* References that psql would leave as they are, as nobody set the variable, and the server cannot read. */
struct unset_variables {
	struct arena *arena;
	const char **names; /* each once */
	size_t count;
	struct error first; /* tells of the first one, with its place */
};

/* What standard_conforming_strings turned out to be after the first `count` statements. */
struct known_strings {
	size_t count;
	bool has_escapes;
};

struct file_cache;

/*
 * psql resolves \i and \copy from the working directory. People run a
 * migration tool from anywhere, so here they are resolved from `root`, which
 * is where they are when they try the file in psql; \ir is resolved from
 * the including file, as in psql.
 */
struct script_options {
	const char *root;                        /* where \i and \copy start; NULL: the file's own directory */
	const struct boundary *boundary;         /* what files may lead to; NULL: `root` and what is in it */
	const char *display_root;                /* paths are shown relative to it; NULL: as given */
	const struct script_variable *variables; /* known from the start, such as DBNAME */
	size_t variable_count;
	bool has_escapes;                          /* the session comes with standard_conforming_strings off */
	const struct known_strings *known_strings; /* in order; where it is not as the statements say */
	size_t known_strings_count;
	bool is_digested; /* by a stream: see script_stream_digest() */
	/* The file itself, not what it includes, was checked to be text when its checksum was computed. */
	bool is_proven;
	struct file_cache *cache;   /* for the file itself, to be taken from it or put there; NULL for none */
	const char *known_checksum; /* of the file itself, to be taken for granted; NULL: it is digested */
	const struct script_variable *given; /* the same from somebody outside, as by --set; come after those */
	size_t given_count;
	struct unset_variables *unset; /* where they are noted; NULL where nobody asks */
	const char *const
	    *hidden_environment; /* not for \getenv; NULL-terminated, "AWS_*" for all that begin so */
};

/*
 * Reads the file at `path`. What cannot be understood (an unterminated
 * literal, an unknown backslash command, an include that cycles or leaves the
 * project, a variable used in \if that is no boolean) is an error with its
 * place and, where there is one, advice. The script owns file mappings:
 * script_clear() when done, before the arena goes.
 */
MUST_USE bool script_load(const char *path, const struct script_options *options, struct arena *arena,
                          struct script *out, struct error *err);

/*
 * The same of a script that is small, as nearly all are. Of one that is not, `*is_small` is false and only
 * sources[0] is there: such a one is read by a stream.
 */
MUST_USE bool script_load_small(const char *path, const struct script_options *options, struct arena *arena,
                                struct script *out, bool *is_small, struct error *err);

/* As script_load() for text in memory; `name` stands for the path in messages. Includes are refused. */
MUST_USE bool script_parse(struct str text, const char *name, const struct script_options *options,
                           struct arena *arena, struct script *out, struct error *err);

/*
 * The text as the server takes it, on `arena`. Fails where its file became shorter since it was read: a
 * statement without its end may be one as well.
 */
MUST_USE bool statement_sql(const struct statement *statement, struct arena *arena, const char **out,
                            struct error *err);

/* At the start of a statement, to read it as the server does. */
struct lexer statement_lexer(const struct statement *statement);

void script_clear(struct script *script);
#define scoped_script SCOPED(script_clear)

/*
 * The same file statement by statement, in as much memory as the largest of them takes: for files of any
 * size. What is being looked at belongs to the stream, sources included.
 */
struct script_stream;
MUST_USE bool script_stream_open(const char *path, const struct script_options *options,
                                 struct script_stream **out, struct error *err);
void script_stream_close(struct script_stream **stream);
#define scoped_script_stream SCOPED(script_stream_close)

/* `*out` is NULL at the end, else good until the next call. Fails also where we were asked to stop. */
MUST_USE bool script_stream_next(struct script_stream *stream, const struct statement **out,
                                 struct error *err);

/*
 * Whether a literal so far depends on what is not certain before it runs (known_strings): what the stream
 * made of it, a failure to read it among that, is then settled by script_load().
 */
bool script_stream_is_doubtful(const struct script_stream *stream);

/* The file itself. */
const struct source *script_stream_source(const struct script_stream *stream);

/* At the end: what it was given from outside and made use of, as `uses` of a script on `arena`. */
void script_stream_uses(const struct script_stream *stream, struct arena *arena, struct script *out);

/*
 * At the end and once, where options say is_digested: one over all files that took part, includes as often
 * as they were read, BOM and CR dropped. Of bytes as they were when the statements were made of them; COPY
 * data counts when the statement after it is asked for, so that it can be read meanwhile.
 */
void script_stream_digest(struct script_stream *stream, uint8_t out[DIGEST_SIZE]);

/* Where the byte at `offset` of the statement's text was written; offsets beyond the end give the end. */
struct place statement_place(const struct statement *statement, size_t offset);

/*
 * The same for a character position as the server reports it (from 1; 0
 * gives the statement's start).
 */
struct place statement_place_of_character(const struct statement *statement, size_t character);

/* Puts place, excerpt and caret into `err`; returns false, as error_set() does. */
bool error_at(struct error *err, const struct place *place);

#endif

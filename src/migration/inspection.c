/*
 * What can be known of a file without running it is found out here, before the first statement of the first
 * file is sent. It is one pass over the statements, whatever is asked of them: a file may be larger than
 * memory, and a run may have a thousand files before it.
 *
 * So the checks are of two sorts. look_at() sees one statement and may end the file at once; look_back()
 * has what only all of them together show: the mode, whether there was any statement, and state of the
 * session that matters only where the mode turned out to be statement by statement. An error of that sort
 * is kept until the mode is known.
 *
 * Where a literal's end depends on standard_conforming_strings the pass may have cut wrongly and what it
 * found may be untrue; it is then done again on the file as a whole (script.h, script_load).
 *
 * Later changes of a file are not covered: what is read for running is compared by checksum, or is the same
 * text (sql/file_cache.h).
 */
#include "migration/inspection.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "migration/batch_directive.h"
#include "migration/finding.h"
#include "migration/master.h"
#include "migration/template.h"
#include "sql/lexer.h"

/* What one look into files needs to know and where it puts what it finds. */
struct inspecting {
	struct tree *tree;
	const struct script_options *options;
	int server_version;
	struct arena *arena;
	struct inclusions *inclusions;   /* NULL where nobody asks */
	struct variable_look *variables; /* the same */
};

/* Which of the tree's files without a number are included by some migration: one claim per file. */
struct inclusions {
	bool *claims;
	bool is_incomplete; /* a script could not be read, with what it may include */
};

/* A file that is gone through, and what was seen of it so far. */
struct looking {
	const struct inspecting *inspecting;
	const struct source *seen; /* where the statement before came from */
	const struct source *file;
	const char *shown_path;
	bool is_rollback;
	const struct directives *directives; /* of its head */
	struct mode_look mode;
	bool in_block;             /* of the file's own */
	struct error kept_trouble; /* for a file that runs statement by statement */
};

static bool empty_error(const char *shown_path, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" contains no statement", shown_path);
	return error_hint(err, "Applying it would only add a record. If that is intended, write \"-- rung: "
	                       "empty: reason\" at its top.");
}

static bool not_empty_error(const struct statement *statement, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	error_set(err, ERROR_FILES, "the file says that it is empty, but here is a statement");
	error_hint(err, "Remove \"-- rung: empty: ...\" or the statement.");
	return error_at(err, &place);
}

/* Applied as it is it counts as done, and what is written into it afterwards as an edit. */
static bool template_error(const char *shown_path, bool is_rollback, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" is still the template", shown_path);
	return is_rollback
	           ? error_hint(err, "Write SQL that undoes the migration. If that is impossible, delete this "
	                             "file and write \"-- rung: irreversible: reason\" at the top of the other; "
	                             "--allow-empty accepts it as it is.")
	           : error_hint(err, "Write SQL into it. If there is nothing to run, write \"-- rung: empty: "
	                             "reason\" into it instead; --allow-empty accepts it as it is.");
}

/* No statement where the head does not say that there is none. */
static bool check_empty(const struct looking *looking, enum finding_kind *kind, struct error *err)
{
	if (looking->mode.count > 0 || looking->directives->empty)
		return true;
	*kind = FINDING_TEMPLATE;
	if (template_is_untouched(looking->file->file.text))
		return template_error(looking->shown_path, looking->is_rollback, err);
	*kind = FINDING_EMPTY;
	return empty_error(looking->shown_path, err);
}

static bool check_batch(const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct batch batch;

	return !batch_is_wanted(statement) || batch_parse(statement, &arena, &batch, err);
}

/* Nobody reads what a migration would copy out, and what it copies in has to be there. */
static bool check_copy(const struct statement *statement, struct error *err)
{
	if (statement->kind.class == STATEMENT_COPY_OUT)
		error_set(err, ERROR_FILES, "cannot run COPY ... TO STDOUT in a migration: its output goes nowhere");
	else if (statement->input == INPUT_FILE && access(statement->data_path, R_OK) < 0)
		error_set(err, ERROR_FILES, "could not read \"%s\": %m", statement->data_path);
	else
		return true;
	const struct place place = statement_place(statement, 0);
	return error_at(err, &place);
}

/* DISCARD ALL, or a call of pg_advisory_unlock_all(). */
static bool drops_locks(const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);
	struct token before = {0};

	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer)) {
		if (token.kind == TOKEN_WORD && str_is_folded(token.text, "pg_advisory_unlock_all"))
			return true;
		if (str_is_folded(before.text, "discard") && str_is_folded(token.text, "all"))
			return true;
		before = token;
	}
	return false;
}

/* Deployers exclude each other by a lock of the session; a file must not let go of it. */
static bool check_lock(const struct statement *statement, struct error *err)
{
	if (!drops_locks(statement))
		return true;
	const struct place place = statement_place(statement, 0);
	error_set(err, ERROR_FILES, "the statement would release the migration lock");
	error_hint(err,
	           "RESET ALL, DEALLOCATE ALL and DISCARD TEMP do the rest of what DISCARD ALL does; locks of "
	           "your own are released by pg_advisory_unlock().");
	return error_at(err, &place);
}

static bool has_words(const struct statement *statement, const char *const *words)
{
	struct lexer lexer = statement_lexer(statement);

	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer)) {
		if (!str_is_folded(token.text, *words))
			continue;
		if (!*++words)
			return true;
	}
	return false;
}

/* Where the letters are not there, no word is: a million INSERTs need not be taken apart for it. */
static bool mentions_last_value(struct str text)
{
	enum { BEFORE_V = 4, LEN = 7 };

	for (size_t at = BEFORE_V; at + LEN - BEFORE_V <= text.len; at++) {
		const struct str word = str_slice(text, at - BEFORE_V, at - BEFORE_V + LEN);

		if (char_fold(text.text[at]) == 'v' &&
		    (str_is_folded(word, "currval") || str_is_folded(word, "lastval")))
			return true;
	}
	return false;
}

/* currval() of a number that another statement took; what only defines a function runs nothing. */
static bool needs_sequence(const struct statement *statement)
{
	static const char *const needs[][2] = {{"currval", NULL}, {"lastval", NULL}};
	static const char *const brings[][2] = {{"create", NULL}, {"nextval", NULL}, {"setval", NULL}};

	if (!mentions_last_value(statement->text))
		return false;
	for (size_t i = 0; i < sizeof(brings) / sizeof(*brings); i++)
		if (has_words(statement, brings[i]))
			return false;
	return has_words(statement, needs[0]) || has_words(statement, needs[1]);
}

/* What the statement keeps in, or needs of, the session; NULL for nothing that outlives its transaction. */
static const char *kept_name(const struct statement *statement, bool in_block)
{
	static const char *const on_commit_drop[] = {"on", "commit", "drop", NULL};

	switch (statement->kind.kept) {
	case KEPT_TEMPORARY:
		return in_block && has_words(statement, on_commit_drop) ? NULL : "a temporary object";
	case KEPT_PREPARED:
		return "a prepared statement";
	case KEPT_CURSOR:
		return "a cursor WITH HOLD";
	case KEPT_NOTHING:
		break;
	}
	return !in_block && needs_sequence(statement) ? "the last value of a sequence" : NULL;
}

static bool kept_error(const struct statement *statement, const char *name, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	error_set(err, ERROR_FILES, "a migration that runs statement by statement cannot keep %s in the session",
	          name);
	error_hint(err, "After an interruption it would continue without it. Move this to a migration that is "
	                "one transaction, or use an ordinary table that the file drops at its end; a temporary "
	                "table is allowed between BEGIN and COMMIT with ON COMMIT DROP.");
	return error_at(err, &place);
}

/*
 * A nontransactional migration that was stopped continues in another session, which has none of this any
 * more: the rest of the file could never run. Settings and advisory locks are made again then.
 */
static void look_for_kept(struct looking *looking, const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;
	const char *name = looking->kept_trouble.kind ? NULL : kept_name(statement, looking->in_block);

	if (class != STATEMENT_OTHER)
		looking->in_block = class == STATEMENT_BEGIN || statement->kind.chains ||
		                    (looking->in_block && class != STATEMENT_COMMIT && class != STATEMENT_ROLLBACK);
	if (name)
		(void)!kept_error(statement, name, &looking->kept_trouble);
}

/* One of a migration's two files. */
struct subject {
	const char *path;
	const char *shown_path;
	const struct directives *known; /* of its head; NULL for a rollback, whose head nobody has read yet */
	bool is_merge;                  /* has nothing to run, and nothing to undo */
};

static bool note_unread(const struct inspecting *inspecting)
{
	if (inspecting->inclusions)
		inspecting->inclusions->is_incomplete = true;
	return false;
}

/* Files without a number that this one includes are there for it. */
static void note_inclusion(const struct inspecting *inspecting, const struct source *source)
{
	const struct tree *tree = inspecting->tree;

	for (size_t i = 0; source->real_path && i < tree->unnumbered_count; i++) {
		scoped_malloced char *real_path = realpath(tree->unnumbered[i].path, NULL);

		if (real_path && strcmp(source->real_path, real_path) == 0)
			inspecting->inclusions->claims[i] = true;
	}
}

static bool look_at(struct looking *looking, const struct statement *statement, enum finding_kind *kind,
                    struct error *err)
{
	if (looking->inspecting->inclusions && statement->source != looking->seen)
		note_inclusion(looking->inspecting, statement->source);
	looking->seen = statement->source;
	mode_see(&looking->mode, statement);
	if (statement->echo)
		return true;
	look_for_kept(looking, statement);
	*kind = FINDING_BAD_DIRECTIVE;
	if ((looking->directives->empty && !not_empty_error(statement, err)) ||
	    !directives_check_statement(looking->file, statement, err) || !check_batch(statement, err) ||
	    !check_lock(statement, err))
		return false;
	*kind = FINDING_BAD_SQL;
	return check_copy(statement, err);
}

/* What only all of it together shows. */
static bool look_back(const struct looking *looking, enum finding_kind *kind, enum run_mode *mode,
                      struct error *err)
{
	*kind = FINDING_BAD_SQL;
	if (!mode_decide(&looking->mode, looking->directives, mode, err))
		return false;
	if (*mode == MODE_NONTRANSACTIONAL && looking->kept_trouble.kind) {
		*err = looking->kept_trouble;
		return false;
	}
	return check_empty(looking, kind, err);
}

static bool look_through(struct looking *looking, struct script_stream *stream, enum finding_kind *kind,
                         struct error *err)
{
	for (;;) {
		const struct statement *statement;

		*kind = FINDING_BAD_SQL;
		if (!script_stream_next(stream, &statement, err))
			return false;
		if (!statement)
			return true;
		if (!look_at(looking, statement, kind, err))
			return false;
	}
}

static bool begin_look(struct looking *looking, const struct inspecting *inspecting,
                       const struct subject *subject, const struct source *file, struct arena *scratch,
                       struct error *err)
{
	struct directives *own = arena_new(scratch, struct directives);

	/* Not zeroed as a whole: most of it are texts of complaints, for each of a thousand files. */
	looking->inspecting = inspecting;
	looking->seen = NULL;
	looking->file = file;
	looking->shown_path = subject->shown_path;
	looking->is_rollback = !subject->known;
	looking->directives = subject->known ? subject->known : own;
	looking->in_block = false;
	looking->kept_trouble.kind = ERROR_NONE;
	mode_begin(&looking->mode, inspecting->server_version);
	return subject->known || directives_parse(file->file.text, subject->shown_path, scratch, own, err);
}

/* One that has to be read as a whole before it can be known how. */
static bool inspect_loaded(const struct inspecting *inspecting, const struct subject *subject,
                           struct arena *scratch, enum finding_kind *kind, enum run_mode *mode,
                           struct error *err)
{
	scoped_script struct script script = {0};
	struct looking looking;

	*kind = FINDING_BAD_SQL;
	if (!script_load(subject->path, inspecting->options, scratch, &script, err))
		return false;
	*kind = FINDING_BAD_DIRECTIVE;
	if (!begin_look(&looking, inspecting, subject, script.sources[0], scratch, err))
		return false;
	for (size_t i = 0; i < script.count; i++)
		if (!look_at(&looking, &script.statements[i], kind, err))
			return false;
	return look_back(&looking, kind, mode, err);
}

static void add_name(struct variable_look *variables, const char *name)
{
	*ARENA_PUSH(variables->arena, variables->names, variables->count) = arena_strdup(variables->arena, name);
}

static bool unset_error(const struct unset_variables *unset, struct arena *scratch, struct error *err)
{
	struct buffer options = {.arena = scratch};

	for (size_t i = 0; i < unset->count; i++)
		buffer_printf(&options, "%s--set %s=VALUE", i ? " " : "", unset->names[i]);
	*err = unset->first;
	return error_hint(err,
	                  "Give it with %s; or \"\\getenv %s NAME\" in the file takes it from the environment.",
	                  buffer_cstr(&options), unset->names[0]);
}

/* What a file asked for, and whether all of it is there where the file is to run. */
static bool look_at_variables(const struct inspecting *inspecting, const struct subject *subject,
                              const struct script_stream *stream, const struct unset_variables *unset,
                              struct error *err)
{
	struct variable_look *variables = inspecting->variables;
	struct script script = {0};

	if (!variables)
		return true;
	script_stream_uses(stream, unset->arena, &script);
	for (size_t i = 0; i < script.use_count; i++)
		add_name(variables, script.uses[i].name);
	for (size_t i = 0; i < unset->count; i++)
		add_name(variables, unset->names[i]);
	if (unset->count == 0 || variables->is_down == (subject->known != NULL))
		return true;
	return unset_error(unset, unset->arena, err);
}

static bool inspect_file(const struct inspecting *inspecting, const struct subject *subject,
                         struct arena *scratch, enum finding_kind *kind, enum run_mode *mode,
                         struct error *err)
{
	struct unset_variables unset = {.arena = scratch};
	scoped_script_stream struct script_stream *stream = NULL;
	struct script_options options = *inspecting->options;
	struct looking looking;

	*kind = FINDING_BAD_SQL;
	options.is_proven = subject->known; /* with its checksum */
	options.unset = inspecting->variables ? &unset : NULL;
	if (!script_stream_open(subject->path, &options, &stream, err))
		return note_unread(inspecting);
	*kind = FINDING_BAD_DIRECTIVE;
	if (!begin_look(&looking, inspecting, subject, script_stream_source(stream), scratch, err))
		return false;
	const bool good = look_through(&looking, stream, kind, err) && look_back(&looking, kind, mode, err) &&
	                  look_at_variables(inspecting, subject, stream, &unset, err);
	return good ||
	       (script_stream_is_doubtful(stream) &&
	        inspect_loaded(inspecting, subject, scratch, kind, mode, err)) ||
	       note_unread(inspecting);
}

static enum run_mode inspect(const struct inspecting *inspecting, const struct subject *subject)
{
	scoped_arena struct arena scratch = {0};
	enum run_mode mode = MODE_TRANSACTIONAL;
	enum finding_kind kind;
	struct error err;

	if (!inspect_file(inspecting, subject, &scratch, &kind, &mode, &err) &&
	    !(subject->is_merge && kind == FINDING_EMPTY))
		finding_add(inspecting->tree, kind, subject->shown_path, &err, inspecting->arena);
	return mode;
}

static struct run_modes inspect_both(const struct inspecting *inspecting, const struct migration *migration)
{
	const bool is_merge = migration->directives.require_count > 1;
	const struct subject up = {migration->path, migration->shown_path, &migration->directives, is_merge};
	const struct subject down = {migration->rollback_path, migration->shown_rollback_path, NULL, is_merge};
	struct run_modes modes = {0};

	modes.up = inspect(inspecting, &up);
	if (migration->has_rollback)
		modes.down = inspect(inspecting, &down);
	return modes;
}

struct run_modes migration_inspect(struct tree *tree, const struct migration *migration,
                                   const struct script_options *options, int server_version,
                                   struct variable_look *variables, struct arena *arena)
{
	const struct inspecting inspecting = {.tree = tree,
	                                      .options = options,
	                                      .server_version = server_version,
	                                      .arena = arena,
	                                      .variables = variables};

	return inspect_both(&inspecting, migration);
}

static void find_unnumbered(const struct inspecting *inspecting)
{
	struct tree *tree = inspecting->tree;
	struct error err;

	for (size_t i = 0; i < tree->unnumbered_count && !inspecting->inclusions->is_incomplete; i++) {
		const char *path = tree->unnumbered[i].shown_path;

		if (inspecting->inclusions->claims[i])
			continue;
		error_set(&err, ERROR_FILES, "\"%s\" has no number and is never applied", path);
		error_hint(&err, "Name it NN_%s to make it a migration, or include it in one with \"\\ir %s\".",
		           path_name(path), path_name(path));
		finding_add(tree, FINDING_UNNUMBERED, path, &err, inspecting->arena);
	}
}

void tree_inspect(struct tree *tree, const struct script_options *options, struct arena *arena)
{
	struct inclusions inclusions = {.claims = arena_array(arena, bool, tree->unnumbered_count)};
	const struct inspecting inspecting = {
	    .tree = tree, .options = options, .arena = arena, .inclusions = &inclusions};

	for (size_t i = 0; i < tree->count; i++)
		(void)inspect_both(&inspecting, &tree->migrations[i]);
	master_inspect(tree, arena);
	find_unnumbered(&inspecting);
}

/*
 * A large file is read a second time while it is sent, in place of being kept: its statements would be in
 * memory twice over, as text and as messages. Between the two readings somebody may save the file. So both
 * are hashed, and the second hash is compared before anything that follows the statements is handed out:
 * the history row and COMMIT are among that, so what was not read the same way never counts.
 *
 * An error that ends the reading leaves the transaction open, to be rolled back by the caller.
 */
#include <string.h>

#include "apply/step/step_script.h"

/* The statements are sent by now; what would make them count is not. */
static bool check_same(struct message_cursor *cursor, struct error *err)
{
	const struct step_script *step_script = cursor->step_script;
	uint8_t digest[DIGEST_SIZE];

	script_stream_digest(cursor->stream, digest);
	script_stream_close(&cursor->stream);
	cursor->is_past_statements = true;
	if (memcmp(digest, step_script->digest, sizeof(digest)) == 0)
		return true;
	error_set(err, ERROR_FILES, "\"%s\" was changed while it ran", step_script->script.sources[0]->path);
	return error_hint(err, "It was rolled back. Run the same command again once the file is complete.");
}

static bool open_stream(struct message_cursor *cursor, struct error *err)
{
	struct script_options options = cursor->step_script->options;

	/* It was checked to be text before; that it is the same is checked now. */
	options.is_proven = true;
	options.known_checksum = NULL;
	return cursor->stream || script_stream_open(cursor->step_script->path, &options, &cursor->stream, err);
}

/* False in `*found` after the last one. */
static bool next_statement(struct message_cursor *cursor, bool *found, struct error *err)
{
	const struct statement *statement;

	*found = false;
	if (!open_stream(cursor, err))
		return false;
	do
		if (!script_stream_next(cursor->stream, &statement, err))
			return false;
	while (statement && step_script_omits(statement));
	if (!statement)
		return check_same(cursor, err);
	cursor->at = (struct message){.role = MESSAGE_STATEMENT, .statement = statement};
	*found = true;
	return true;
}

bool message_next(struct message_cursor *cursor, const struct message **out, struct error *err)
{
	const struct step_script *step_script = cursor->step_script;
	bool found = false;

	if (step_script->is_streamed && cursor->next == step_script->statements_at &&
	    !cursor->is_past_statements && !next_statement(cursor, &found, err))
		return false;
	if (found)
		*out = &cursor->at;
	else
		*out = cursor->next < step_script->count ? &step_script->messages[cursor->next++] : NULL;
	cursor->done += *out != NULL;
	return true;
}

void message_cursor_clear(struct message_cursor *cursor)
{
	script_stream_close(&cursor->stream);
}

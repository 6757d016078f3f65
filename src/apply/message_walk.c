#include <string.h>

#include "apply/passage.h"

/* The statements are sent by now; what would make them count is not. */
static bool check_same(struct message_walk *walk, struct error *err)
{
	const struct passage *passage = walk->passage;
	uint8_t digest[DIGEST_SIZE];

	script_stream_digest(walk->stream, digest);
	script_stream_close(&walk->stream);
	walk->is_past_statements = true;
	if (memcmp(digest, passage->digest, sizeof(digest)) == 0)
		return true;
	error_set(err, ERROR_FILES, "\"%s\" was changed while it ran", passage->script.sources[0]->path);
	return error_hint(err,
	                  "Nothing of it stays. Run the same command again when the file is as it should be.");
}

static bool open_stream(struct message_walk *walk, struct error *err)
{
	struct script_options options = walk->passage->options;

	/* Seen to be text before; that it is the same is seen now. */
	options.is_proven = true;
	options.known_checksum = NULL;
	return walk->stream || script_stream_open(walk->passage->path, &options, &walk->stream, err);
}

/* False in `*found` behind the last one. */
static bool next_statement(struct message_walk *walk, bool *found, struct error *err)
{
	const struct statement *statement;

	*found = false;
	if (!open_stream(walk, err))
		return false;
	do
		if (!script_stream_next(walk->stream, &statement, err))
			return false;
	while (statement && passage_omits(statement));
	if (!statement)
		return check_same(walk, err);
	walk->at = (struct message){.role = MESSAGE_STATEMENT, .statement = statement};
	*found = true;
	return true;
}

bool message_next(struct message_walk *walk, const struct message **out, struct error *err)
{
	const struct passage *passage = walk->passage;
	bool found = false;

	if (passage->is_streamed && walk->next == passage->statements_at && !walk->is_past_statements &&
	    !next_statement(walk, &found, err))
		return false;
	if (found)
		*out = &walk->at;
	else
		*out = walk->next < passage->count ? &passage->messages[walk->next++] : NULL;
	walk->done += *out != NULL;
	return true;
}

void message_walk_clear(struct message_walk *walk)
{
	script_stream_close(&walk->stream);
}

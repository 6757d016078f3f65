/*
 * A line of progress is erased before anything else is written, to whichever stream: both are usually the
 * same terminal.
 *
 * Only a failure to write to stdout is remembered. Results that nobody received are an error of the
 * command (a full disk, a closed pipe); a lost line on stderr is not, and where would one say so?
 *
 * Every line is flushed. Programs read our JSON line by line and wait for it.
 */
#include <errno.h>
#include <string.h>

#include "report/display.h"
#include "report/reporter.h"

/* Of text beyond the buffer's size it is fwrite() that fails; nothing is left for fflush() to fail with. */
static void write_out(struct reporter *reporter, FILE *stream, const char *text, size_t len)
{
	const bool is_written = fwrite(text, 1, len, stream) == len;

	if ((!is_written || fflush(stream) != 0) && stream == stdout)
		reporter->write_errno = errno;
}

bool reporter_is_json(const struct reporter *reporter)
{
	return reporter && reporter->options.json;
}

bool reporter_is_verbose(const struct reporter *reporter)
{
	return reporter && reporter->options.verbose;
}

void reporter_erase(struct reporter *reporter)
{
	static const char erase[] = "\r\033[K";

	if (!reporter->line_is_drawn)
		return;
	fwrite(erase, 1, sizeof(erase) - 1, stderr);
	reporter->line_is_drawn = false;
}

void reporter_write_verbatim(struct reporter *reporter, FILE *stream, const char *text)
{
	reporter_erase(reporter);
	write_out(reporter, stream, text, strlen(text));
}

void reporter_write(struct reporter *reporter, FILE *stream, const char *text)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);

	reporter_write_verbatim(reporter, stream, display_page(&reporter->arena, text));
	arena_rewind(&reporter->arena, mark);
}

void reporter_write_json(struct reporter *reporter, FILE *stream, const char *json)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);

	reporter_write_verbatim(reporter, stream, display_json(&reporter->arena, json));
	arena_rewind(&reporter->arena, mark);
}

void reporter_add_coloured(struct buffer *out, const struct reporter *reporter, FILE *stream,
                           const char *colour, const char *text)
{
	const bool is_coloured = stream == stdout ? reporter->out_is_coloured : reporter->err_is_coloured;

	if (colour && is_coloured)
		buffer_printf(out, "%c%s%s%c0", COLOUR_MARK, colour, text, COLOUR_MARK);
	else
		buffer_text(out, text);
}

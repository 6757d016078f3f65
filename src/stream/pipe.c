/*
 * What the program prints arrives while we write to it (child.h reads and writes at once), as a program
 * that fills its output pipe stops reading, and both would wait for ever. It dies with us: half a
 * pg_restore that nobody reads from is no use to anybody.
 *
 * The stage lies on its own arena, which also holds what the child said last; so the arena is taken off it
 * before it is cleared.
 */
#include "stream/pipe.h"

#include "base/buffer.h"

struct pipe_stage {
	struct sink sink;
	struct arena arena;
	struct pipe_options options;
	struct sink *next;
	struct child *child;
};

static bool receive(void *context, struct str bytes, struct error *err)
{
	return sink_write(context, bytes, err);
}

static bool pipe_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct pipe_stage *it = (struct pipe_stage *)sink;

	return child_write(it->child, bytes, err) || error_context(err, "%s", it->options.circumstance);
}

static bool pipe_finish(struct sink *sink, struct error *err)
{
	struct pipe_stage *it = (struct pipe_stage *)sink;
	struct child_result result;

	if (!child_finish(it->child, &result, err))
		return error_context(err, "%s", it->options.circumstance);
	if (it->options.output)
		buffer_add(it->options.output, result.output);
	return !it->next || sink_finish(it->next, err);
}

static void pipe_discard(struct sink *sink)
{
	struct pipe_stage *it = (struct pipe_stage *)sink;

	child_close(&it->child);
	sink_discard(it->next);
}

static void pipe_close(struct sink *sink)
{
	struct pipe_stage *it = (struct pipe_stage *)sink;

	child_close(&it->child);
	sink_close(&it->next);
	struct arena arena = it->arena; /* which it lies on itself */
	arena_clear(&arena);
}

bool pipe_open(const struct pipe_options *options, struct sink *next, struct sink **out, struct error *err)
{
	static const struct sink_class class = {pipe_write, pipe_finish, pipe_discard, pipe_close};
	struct arena arena = {0};
	struct pipe_stage *it = arena_new(&arena, struct pipe_stage);
	const struct child_options child = {
	    .argv = options->argv,
	    .environment = options->environment,
	    .capture = true,
	    .receive = next ? receive : NULL,
	    .context = next,
	    .dies_with_us = true,
	    .inherited = options->inherited,
	    .watch = options->watch,
	    .excuse = options->excuse,
	    .watcher = options->watcher,
	};

	/* The child keeps what it prints on the arena it is given: on the one that lasts as long as it does. */
	*it = (struct pipe_stage){.sink.class = &class, .arena = arena, .options = *options, .next = next};
	if (!child_open(&child, &it->arena, &it->child, err)) {
		pipe_close(&it->sink);
		return false;
	}
	*out = &it->sink;
	return true;
}

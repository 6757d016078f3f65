#include "migration/tree_ahead.h"

#include "base/thread.h"

static void *read_tree(void *context)
{
	struct tree_ahead *ahead = context;

	ahead->is_good = tree_load(&ahead->options, &ahead->arena, &ahead->tree, &ahead->error);
	return NULL;
}

void tree_ahead_begin(struct tree_ahead *ahead, const struct tree_options *options)
{
	ahead->options = *options;
	ahead->is_running = thread_start(&ahead->thread, read_tree, ahead);
}

bool tree_ahead_take(struct tree_ahead *ahead, const struct tree_options *options, struct tree *out,
                     struct error *err)
{
	if (!ahead->is_running)
		return tree_load(options, &ahead->arena, out, err);
	pthread_join(ahead->thread, NULL);
	ahead->is_running = false;
	if (ahead->is_good)
		*out = ahead->tree;
	else
		*err = ahead->error;
	return ahead->is_good;
}

void tree_ahead_drop(struct tree_ahead *ahead)
{
	if (ahead->is_running)
		pthread_join(ahead->thread, NULL);
	ahead->is_running = false;
	arena_clear(&ahead->arena);
}

/*
 * Two heads are joined by a migration that requires both. It is an ordinary pair with nothing in it, so
 * that the graph has one head again; what has to be reconciled is written into it by hand, and its
 * rollback undoes that. A file that requires several others may be without a statement
 * (migration/inspection.c), every other one is refused as empty.
 *
 * Only heads that are apart can be merged. One that builds on the other would add an edge that is there
 * already, which is most likely a mistake in typing.
 *
 * Without operands all heads are meant. They are files' heads and not the database's: merging is for
 * those who write.
 */
#include "base/buffer.h"
#include "command/commands.h"
#include "command/project/new_pair.h"
#include "command/run/migrate_verb.h"
#include "plan/target.h"

static const char up_template[] =
    "{directives}-- {message}\n--\n-- Joins branches; there is nothing to run. If they have to be "
    "reconciled, write the\n-- statements here, and into {pair} those that undo them.\n";

static const char down_template[] = "-- Undoes {pair}: {message}\n"
                                    "--\n"
                                    "-- There was nothing to run, so there is nothing to undo.\n";

/* What is to be joined. */
struct joint {
	const struct migration **heads; /* room for all there are, and a NULL after them */
	size_t count;
};

static bool is_joined(const struct joint *joint, const struct migration *migration)
{
	for (size_t i = 0; i < joint->count; i++)
		if (joint->heads[i] == migration)
			return true;
	return false;
}

static void join(struct joint *joint, const struct migration *migration)
{
	if (!is_joined(joint, migration))
		joint->heads[joint->count++] = migration;
}

/* As "upgrade" understands it: a number, a name, a branch's head. */
static bool join_named(struct context *context, const struct comparison *comparison, const char *text,
                       struct joint *joint, struct error *err)
{
	struct target target;

	if (!target_read(text, comparison, context->arena, &target, err))
		return false;
	if (target.kind != TARGET_MIGRATION)
		return error_set(err, ERROR_USAGE, "\"%s\" is not a single migration to merge", text);
	join(joint, &context->tree.migrations[target.entry]);
	return true;
}

static void join_all(struct context *context, struct joint *joint)
{
	const struct migration **heads;
	const size_t count = tree_heads(&context->tree, context->arena, &heads);

	for (size_t i = 0; i < count; i++)
		join(joint, heads[i]);
}

static bool read_operands(struct context *context, struct joint *joint, struct error *err)
{
	const struct history nothing = {0};
	struct comparison comparison;

	if (context->operand_count == 0)
		join_all(context, joint);
	comparison_build(&context->tree, &nothing, context->arena, &comparison);
	for (size_t i = 0; i < context->operand_count; i++)
		if (!join_named(context, &comparison, context->operands[i], joint, err))
			return false;
	return true;
}

/* One that another builds on already would make no merge. */
static bool check_apart(struct context *context, const struct joint *joint, struct error *err)
{
	const struct tree *tree = &context->tree;
	struct graph graph;

	graph_build(tree->migrations, tree->count, context->arena, &graph);
	for (size_t i = 0; i < joint->count; i++) {
		const size_t at = (size_t)(joint->heads[i] - tree->migrations);
		const bool *below = graph_ancestors(&graph, at, context->arena);

		for (size_t j = 0; j < joint->count; j++)
			if (j != i && below[joint->heads[j] - tree->migrations]) {
				error_set(err, ERROR_USAGE, "cannot merge \"%s\" and \"%s\": the first depends on the other",
				          joint->heads[i]->name, joint->heads[j]->name);
				return error_hint(err, "\"rung heads\" shows what can be merged.");
			}
	}
	return true;
}

static bool check_count(const struct joint *joint, struct error *err)
{
	if (joint->count > 1)
		return true;
	error_set(err, ERROR_USAGE, "there is nothing to merge: %s",
	          joint->count ? "a merge needs at least two migrations" : "there are no migrations yet");
	return error_hint(err, "\"rung heads\" shows what can be merged.");
}

static const char *default_message(const struct joint *joint, struct arena *arena)
{
	struct buffer message = {.arena = arena};

	buffer_text(&message, "merge ");
	for (size_t i = 0; i < joint->count; i++) {
		const struct migration *head = joint->heads[i];

		buffer_printf(&message, "%s%.*s%s%s", i ? " and " : "", head->width, head->name,
		              head->directives.branch ? " " : "",
		              head->directives.branch ? head->directives.branch : "");
	}
	return buffer_cstr(&message);
}

static bool cmd_merge(struct context *context, struct error *err)
{
	const char *message = option_value(context, "--message");
	struct joint joint = {.heads =
	                          arena_array(context->arena, const struct migration *, context->tree.count + 1)};

	if (!migrate_verb_check_tree(context, err) || !read_operands(context, &joint, err) ||
	    !check_count(&joint, err) || !check_apart(context, &joint, err))
		return false;
	const struct pair_wish wish = {
	    .message = message ? message : default_message(&joint, context->arena),
	    .up_template = up_template,
	    .down_template = down_template,
	    .requires = joint.heads,
	};
	if (!new_pair_write(context, &wish, err))
		return false;
	event_note(context->reporter, "Next: \"rung upgrade\" applies what it joins, and then itself");
	return true;
}

static const struct option_row options[] = {
    {"--message", 'm', "TEXT", "the name of the merge"},
    {0},
};

const struct command command_merge = {
    .name = "merge",
    .operands = "[MIGRATION...]",
    .help = &HELP_merge,
    .group = GROUP_WRITE,
    .needs = NEEDS_TREE,
    .most_operands = 64,
    .options = options,
    .run = cmd_merge,
};

/*
 * A hook is a command of the project, so it goes to a shell, the only child of ours that does; what varies
 * travels in variables and never in the command line, where a migration's name could be read as syntax.
 *
 * After-hooks end what before-hooks began, such as a maintenance page. They run when we were asked to
 * stop, too: a page that stays because somebody pressed Ctrl-C keeps everybody out.
 */
#include "command/run/hooks.h"

#include <stdlib.h>

#include "apply/run.h"
#include "base/buffer.h"
#include "base/child.h"

static void add(struct arena *arena, const char ***list, size_t *count, const char *name, const char *value)
{
	*ARENA_PUSH(arena, *list, *count) = value ? arena_printf(arena, "%s=%s", name, value) : NULL;
}

/* Maintenance mode may be wanted for these only; "" when there are none. */
static const char *breaking_names(const struct plan *plan, struct arena *arena)
{
	struct buffer names = {.arena = arena};

	for (size_t i = 0; plan && i < plan->count; i++)
		if (step_breaking(&plan->steps[i]))
			buffer_printf(&names, "%s%s", names.len ? " " : "", step_name(&plan->steps[i]));
	return names.len ? buffer_cstr(&names) : "";
}

/* What the project says its hooks are to have, though children do not get it else. */
static void add_handed(const struct context *context, struct arena *arena, const char ***list, size_t *count)
{
	const char *const *names = setting_list(context->settings, SETTING_HOOK_ENVIRONMENT, arena);

	for (; *names; names++)
		if (getenv(*names))
			add(arena, list, count, *names, getenv(*names));
}

static const char *const *environment_of(const struct context *context, const struct plan *plan,
                                         const struct error *failure, struct arena *arena)
{
	const struct step *last = plan && plan->count ? &plan->steps[plan->count - 1] : NULL;
	const char **list = NULL;
	size_t count = 0;

	add_handed(context, arena, &list, &count);
	add(arena, &list, &count, "RUNG_COMMAND", context->command->name);
	add(arena, &list, &count, "RUNG_VERSION", RUNG_VERSION);
	add(arena, &list, &count, "RUNG_PROJECT_DIR", context->settings->project_dir);
	add(arena, &list, &count, "RUNG_STEPS", arena_printf(arena, "%zu", plan ? plan->count : 0));
	add(arena, &list, &count, "RUNG_LAST_STEP", last ? step_name(last) : "");
	add(arena, &list, &count, "RUNG_BREAKING", breaking_names(plan, arena));
	add(arena, &list, &count, "RUNG_OUTCOME", failure ? "failed" : "ok");
	add(arena, &list, &count, "RUNG_ERROR", failure ? failure->message : "");
	add(arena, &list, &count, NULL, NULL);
	return list;
}

bool hook_run(struct context *context, enum setting hook, const struct plan *plan,
              const struct error *failure, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *command = setting_text(context->settings, hook);
	const char *const argv[] = {"sh", "-c", command, NULL};
	struct child_result result;

	if (!command || command[0] == '\0')
		return true;
	const struct child_options options = {
	    .argv = argv,
	    .environment = environment_of(context, plan, failure, &arena),
	    .directory = context->settings->project_dir,
	    /* A hook that ends what another began runs even when we were asked to stop. */
	    .must_finish = hook != SETTING_HOOK_BEFORE_UPGRADE && hook != SETTING_HOOK_BEFORE_DOWNGRADE,
	};
	if (!child_run(&options, &arena, &result, err))
		return error_context(err, "while running the hook %s", setting_rows[hook].key);
	if (result.exit_code != 0) {
		error_set(err, ERROR_HOOK, "the hook %s failed with exit code %d", setting_rows[hook].key,
		          result.exit_code);
		return error_detail(err, "Its command is: %s", settings_safe_text(&arena, command));
	}
	return true;
}

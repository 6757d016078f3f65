#include "command/generate/rename_question.h"

#include <string.h>

#include "generate/rename_candidate.h"
#include "pg/query.h"
#include "report/display.h"

bool rename_option_read(const struct context *context, struct rename_hints *out, struct error *err)
{
	const char *text = option_value(context, "--rename");
	struct str rest = str_of(text ? text : "");
	struct str word;

	while (str_split_next(&rest, ',', &word))
		if (!rename_hint_parse(str_copy(context->arena, str_trim(word)), context->arena, out, err))
			return false;
	return true;
}

static bool is_said(const struct context *context, const struct rename_hints *hints,
                    const struct rename_candidate *candidate)
{
	const char *old = unquote_name(context->arena, candidate->old->name);
	const char *new = unquote_name(context->arena, candidate->new->name);

	for (size_t i = 0; i < hints->count; i++)
		if (strcmp(hints->items[i].kind, candidate->new->kind->name) == 0 &&
		    (strcmp(hints->items[i].old, old) == 0 || strcmp(hints->items[i].name, new) == 0))
			return true;
	return false;
}

static bool ask(const struct context *context, const struct rename_candidate *candidate,
                struct rename_hints *hints, struct error *err)
{
	const char *what = arena_printf(context->arena, "%s %s", candidate->old->kind->name,
	                                display_line(context->arena, candidate->old->identity));
	const char *name = display_line(context->arena, candidate->new->name);

	if (!report_can_ask() || reporter_is_json(context->reporter)) {
		event_note(context->reporter,
		           "%s is gone, and %s is new and has the same definition. If it was renamed, add "
		           "--rename %s",
		           what, name, shell_word(context->arena, candidate->hint));
		return true;
	}
	return !report_confirm(context->reporter,
	                       arena_printf(context->arena, "Was %s renamed to %s?", what, name), NULL) ||
	       rename_hint_parse(candidate->hint, context->arena, hints, err);
}

bool rename_question_ask(const struct context *context, const struct catalog *from, const struct catalog *to,
                         struct rename_hints *hints, struct error *err)
{
	struct rename_candidates candidates;

	rename_candidates_find(from, to, context->arena, &candidates);
	for (size_t i = 0; i < candidates.count; i++)
		if (!is_said(context, hints, &candidates.items[i]) && !ask(context, &candidates.items[i], hints, err))
			return false;
	return true;
}

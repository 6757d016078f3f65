#include "situation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* Cuts the next word's number off; `*marks` is what follows it. */
static bool next_word(struct arena *arena, struct str *rest, int64_t *number, char **marks)
{
	struct str word;

	while (str_split_next(rest, ' ', &word)) {
		if (word.len == 0)
			continue;
		*number = strtoll(str_copy(arena, word), marks, 10);
		return true;
	}
	return false;
}

static void read_requires(struct arena *arena, char **mark, struct directives *said)
{
	do {
		*ARENA_PUSH(arena, said->requires, said->require_count) = strtoll(*mark + 1, mark, 10);
	} while (**mark == ',');
	(*mark)--;
}

static void read_branch(struct arena *arena, char **mark, struct directives *said)
{
	const size_t len = strspn(*mark + 1, "abcdefghijklmnopqrstuvwxyz");

	said->branch = arena_strndup(arena, *mark + 1, len);
	*mark += len;
}

static void read_file_mark(struct arena *arena, char **mark, struct migration *migration)
{
	switch (**mark) {
	case '@':
		read_branch(arena, mark, &migration->directives);
		break;
	case '<':
		read_requires(arena, mark, &migration->directives);
		break;
	case '!':
		migration->directives.irreversible = "the old values are gone";
		migration->has_rollback = false;
		break;
	case '-':
		migration->has_rollback = false;
		break;
	case '~':
		migration->directives.on_change = ON_CHANGE_REAPPLY;
		break;
	case '=':
		migration->directives.on_change = ON_CHANGE_ERROR;
		break;
	case '$':
		migration->directives.order_last = true;
		break;
	case '*':
		migration->checksum = "edited";
		break;
	default:
		abort();
	}
}

struct tree situation_tree(struct arena *arena, const char *text)
{
	struct tree tree = {.width = 2};
	struct str rest = str_of(text);
	int64_t number;
	char *marks;

	while (next_word(arena, &rest, &number, &marks)) {
		const char *name = arena_printf(arena, "%02" PRId64 "_m", number);
		struct migration migration = {
		    .number = number,
		    .width = 2,
		    .name = name,
		    .description = "m",
		    .path = arena_printf(arena, "schema/%s.sql", name),
		    .shown_path = arena_printf(arena, "schema/%s.sql", name),
		    .rollback_path = arena_printf(arena, "rollback/rollback_%s.sql", name),
		    .shown_rollback_path = arena_printf(arena, "rollback/rollback_%s.sql", name),
		    .has_rollback = true,
		    .checksum = "original",
		    .directives = DIRECTIVES_NONE,
		};

		for (char *mark = marks; *mark; mark++)
			read_file_mark(arena, &mark, &migration);
		*ARENA_PUSH(arena, tree.migrations, tree.count) = migration;
	}
	return tree;
}

struct history situation_history(struct arena *arena, const char *text)
{
	struct history history = {.exists = text[0] != '\0'};
	struct str rest = str_of(text);
	int64_t number;
	char *marks;

	while (next_word(arena, &rest, &number, &marks)) {
		const bool is_adopted = strchr(marks, '?') != NULL;
		const char *label = strchr(marks, '\'') ? "old" : "m";

		*ARENA_PUSH(arena, history.records, history.count) = (struct record){
		    .version = number,
		    .name = is_adopted ? NULL : arena_printf(arena, "%02" PRId64 "_%s", number, label),
		    .checksum = is_adopted ? NULL : "original",
		    .state = strchr(marks, '%')   ? RECORD_PARTIAL
		             : strchr(marks, '^') ? RECORD_UNWINDING
		                                  : RECORD_APPLIED,
		    .has_rollback = strchr(marks, 'k') != NULL,
		};
	}
	return history;
}

const char *situation_steps(struct arena *arena, const struct plan *plan)
{
	static const char signs[] = {
	    [STEP_APPLY] = '+', [STEP_REAPPLY] = '~', [STEP_RESUME] = '>', [STEP_ROLLBACK] = '-'};
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		buffer_printf(&text, "%s%c%" PRId64 "%s", i ? " " : "", signs[step->action],
		              step->migration ? step->migration->number : step->record->version,
		              step->migration ? "" : "k");
	}
	return buffer_cstr(&text);
}

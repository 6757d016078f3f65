/*
 * Findings are collected and not returned at the first: who has ten files to fix wants to hear of ten.
 * A `struct error` is reused by the next thing that fails, so all of it that a person may read is copied.
 *
 * One error is told as it is, with its place and its line. Several are one error with a line each, since a
 * command ends with one error and one exit code.
 */
#include "migration/finding.h"

#include <string.h>

#include "base/buffer.h"

/*
 * An error is what leaves it open what would be run, or is sure to fail; a warning is what somebody may
 * have meant.
 */
static const struct {
	const char *name;
	bool is_error;
} kinds[] = {
    [FINDING_DUPLICATE_NUMBER] = {"duplicate-number", true},
    [FINDING_ORPHAN_ROLLBACK] = {"orphan-rollback", true},
    [FINDING_NAME_MISMATCH] = {"name-mismatch", true},
    [FINDING_MISSING_ROLLBACK] = {"missing-rollback", false},
    [FINDING_NEEDLESS_ROLLBACK] = {"needless-rollback", false},
    [FINDING_UNREADABLE] = {"unreadable", true},
    [FINDING_NOT_TEXT] = {"not-text", true},
    [FINDING_BAD_DIRECTIVE] = {"bad-directive", true},
    [FINDING_BAD_REQUIRES] = {"bad-requires", true},
    [FINDING_ALMOST_NAMED] = {"almost-named", false},
    [FINDING_ASIDE] = {"aside", true},
    [FINDING_LONG_NUMBER] = {"long-number", true},
    [FINDING_UNNUMBERED] = {"unnumbered", false},
    [FINDING_NOT_A_FILE] = {"not-a-file", true},
    [FINDING_OUTSIDE] = {"outside", true},
    [FINDING_MASTER_OUTDATED] = {"master-outdated", false},
    [FINDING_EMPTY] = {"empty", false},
    [FINDING_TEMPLATE] = {"template", true},
    [FINDING_BAD_SQL] = {"bad-sql", true},
};

const char *finding_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

void finding_add(struct tree *tree, enum finding_kind kind, const char *path, const struct error *err,
                 struct arena *arena)
{
	*ARENA_PUSH(arena, tree->findings, tree->finding_count) = (struct finding){
	    .kind = kind,
	    .is_error = kinds[kind].is_error,
	    .path = path,
	    .message = arena_strdup(arena, err->message),
	    .detail = err->detail[0] ? arena_strdup(arena, err->detail) : "",
	    .hint = err->hint[0] ? arena_strdup(arena, err->hint) : "",
	    .place = err->place[0] ? arena_strdup(arena, err->place) : "",
	    .excerpt = err->excerpt[0] ? arena_strdup(arena, err->excerpt) : "",
	    .caret = err->caret,
	};
}

bool finding_error(const struct finding *finding, struct error *err)
{
	error_set(err, ERROR_FILES, "%s", finding->message);
	error_detail(err, "%s", finding->detail);
	error_hint(err, "%s", finding->hint);
	snprintf(err->place, sizeof(err->place), "%s", finding->place);
	snprintf(err->excerpt, sizeof(err->excerpt), "%s", finding->excerpt);
	err->caret = finding->caret;
	return false;
}

static void add_line(struct buffer *lines, const struct finding *finding)
{
	const char *place = finding->place[0] ? finding->place : finding->path;

	buffer_printf(lines, "%s%s: %s", lines->len > 0 ? "\n" : "", place, finding->message);
	if (finding->hint[0])
		buffer_printf(lines, " (%s)", finding->hint);
}

bool tree_check(const struct tree *tree, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer lines = {.arena = &arena};
	const struct finding *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < tree->finding_count; i++) {
		if (!tree->findings[i].is_error)
			continue;
		first = first ? first : &tree->findings[i];
		add_line(&lines, &tree->findings[i]);
		count++;
	}
	if (count == 0)
		return true;
	if (count == 1)
		return finding_error(first, err);
	error_set(err, ERROR_FILES, "cannot use the migrations as they are: %zu problems", count);
	error_detail(err, "%s", buffer_cstr(&lines));
	return error_hint(err, "Nothing has been run. \"rung check --offline\" shows each of them.");
}

/*
 * Squashed files against what a history holds: all of what they replace, some of it, or the squash itself.
 */
#include "plan/folding.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

/* A checksum of its own for each letter. */
static const char *sum(struct arena *arena, char letter)
{
	char *text = arena_alloc(arena, 65);

	memset(text, letter, 64);
	text[64] = '\0';
	return text;
}

/* Words of "2b": number and letter of the text; "?" for none, behind it "%" for half-done. */
static struct history history_of(struct arena *arena, const char *text)
{
	struct history history = {.exists = true};
	struct str rest = str_of(text);
	struct str word;

	while (str_split_next(&rest, ' ', &word)) {
		if (!word.len)
			continue;
		const char letter = word.text[1];
		struct record *record = ARENA_PUSH(arena, history.records, history.count);

		*record = (struct record){.version = word.text[0] - '0',
		                          .name = letter == '?' ? NULL : arena_printf(arena, "%.1s_m", word.text),
		                          .checksum = letter == '?' ? NULL : sum(arena, letter),
		                          .state = word.len > 2 ? RECORD_PARTIAL : RECORD_APPLIED};
	}
	return history;
}

/* 4_squashed_from_1, which replaces 1a 2b and, where it says so, 3_squashed_from_1 (text c) of the same. */
static struct tree tree_of(struct arena *arena, bool has_nested)
{
	struct migration *migrations = arena_array(arena, struct migration, 1);
	struct replaced *replaced = arena_array(arena, struct replaced, 4);
	size_t count = 0;

	if (has_nested)
		replaced[count++] = (struct replaced){3, "3_squashed_from_1", sum(arena, 'c'), 1};
	replaced[count++] = (struct replaced){1, "1_m", sum(arena, 'a'), 0};
	replaced[count++] = (struct replaced){2, "2_m", sum(arena, 'b'), 0};
	replaced[count++] = (struct replaced){3, "3_m", sum(arena, 'd'), 0};
	*migrations = (struct migration){.number = 3,
	                                 .name = "3_squashed_from_1",
	                                 .description = "squashed from 1",
	                                 .checksum = sum(arena, 'f'),
	                                 .directives = DIRECTIVES_NONE};
	migrations->directives.replaces = replaced;
	migrations->directives.replace_count = count;
	return (struct tree){.migrations = migrations, .count = 1};
}

TEST(records_fold_where_all_are_there_as_they_were)
{
	static const struct {
		const char *history;
		bool has_nested;
		const char *outcome; /* NULL: nothing to fold; "": folded */
	} rows[] = {
	    {"", false, NULL},
	    {"1a 2b 3d", false, ""},
	    {"1? 2? 3?", false, ""},
	    {"1a 2b 3d 4z", false, ""},
	    {"3f", false, NULL},
	    {"1a 2b", false, "\"3_m\" is not applied"},
	    {"1a", false, "\"2_m\" and 1 more are not applied"},
	    {"1a 2z 3d", false, "\"2_m\" was applied with another text"},
	    {"1a 2b 3d%", false, "\"3_m\" is half-done"},
	    {"4z", false, NULL},
	    {"1a 2b 3d", true, ""},
	    {"3c", true, ""},
	    {"3c", false, "\"3_m\" was applied with another text"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = tree_of(&arena, rows[i].has_nested);
		const struct history history = history_of(&arena, rows[i].history);
		struct folding_list list;

		foldings_find(&tree, &history, &arena, &list);
		const char *found = list.count ? list.items[0].trouble ? list.items[0].trouble : "" : NULL;
		if (!found != !rows[i].outcome || (found && strcmp(found, rows[i].outcome) != 0))
			fail_msg("row %zu: %s", i, found ? found : "nothing to fold");
	}
}

TEST(a_folded_history_holds_one_record_in_their_place)
{
	scoped_arena struct arena arena = {0};
	const struct tree tree = tree_of(&arena, false);
	const struct history history = history_of(&arena, "1a 2b 3d 4z");
	struct folding_list list;

	foldings_find(&tree, &history, &arena, &list);
	const struct history folded = folded_history(&history, &list, &arena);
	CHECK(folded.count == 2);
	CHECK(folded.records[0].version == 3);
	CHECK_STR(folded.records[0].name, "3_squashed_from_1");
	CHECK_STR(folded.records[0].checksum, sum(&arena, 'f'));
	CHECK(folded.records[1].version == 4);
}

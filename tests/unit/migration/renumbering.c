#include "migration/renumbering.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "migration/name.h"
#include "test.h"

/*
 * "02_a:k 02_b:3": a file a word, with letters after the colon: k known, a
 * applied, n named, x absent, b on a branch, l runs last, a digit for its age.
 */
static struct numbered_file file_of(struct str word, struct arena *arena)
{
	const size_t colon = str_index(word, ':');
	const struct str marks = str_slice(word, colon + 1, word.len);
	const struct name name = name_parse(arena_printf(arena, "%.*s.sql", (int)colon, word.text));
	struct numbered_file file = {
	    .stem = str_copy(arena, str_slice(word, 0, colon)), .number = name.number, .width = name.width};

	for (size_t i = 0; i < marks.len; i++) {
		const char mark = marks.text[i];

		file.is_known |= mark == 'k' || mark == 'x';
		file.is_applied |= mark == 'a';
		file.is_named |= mark == 'n';
		file.is_absent |= mark == 'x';
		file.runs_last |= mark == 'l';
		file.branch = mark == 'b' ? "side" : file.branch;
		file.age = char_is_digit(mark) ? (size_t)(mark - '0') : file.age;
	}
	return file;
}

static const char *outcome(const char *situation, struct arena *arena)
{
	struct numbered_file *files = NULL;
	struct buffer moves = {.arena = arena};
	struct str rest = str_of(situation);
	struct str word;
	struct error err;
	size_t count = 0;

	while (str_split_next(&rest, ' ', &word))
		*ARENA_PUSH(arena, files, count) = file_of(word, arena);
	if (!renumbering_plan(files, count, 0, &err))
		return arena_strdup(arena, err.message);
	for (size_t i = 0; i < count; i++)
		if (files[i].new_number != files[i].number)
			buffer_printf(&moves, "%s%s>%lld", moves.len ? " " : "", files[i].stem,
			              (long long)files[i].new_number);
	return buffer_cstr(&moves);
}

TEST(ours_move_past_what_came_first)
{
	static const struct {
		const char *situation;
		const char *moves;
	} rows[] = {
	    {"", ""},
	    {"01_a 02_b", ""},
	    {"01_a:k 02_b:k 03_c", ""},
	    {"01_a:k 02_b:k 02_c", "02_c>3"},
	    {"01_a:k 02_c 02_b:k 03_d 09_e", "02_c>3 03_d>4"},
	    {"02_c 03_d 02_b:x", "02_c>3 03_d>4"},
	    {"02_c 05_b:x", "02_c>6"},
	    {"02_c:b 05_b:x", ""},
	    {"02_c:b 03_d:b 02_b:k 05_e:x", "02_c>6 03_d>7"},
	    {"01_a:k9 02_b:k5 02_c:k3 03_d:k3 03_e:k7", "02_c>4 03_d>5"},
	    {"02_b:k3 02_c:k3", "cannot tell which came first, \"02_b\" or \"02_c\""},
	    {"02_b:k3 02_c:k3a", "02_b>3"},
	    {"02_b 02_c", "cannot tell which came first, \"02_b\" or \"02_c\""},
	    {"02_b 02_c:2", "02_b>3"},
	    {"02_b:n 02_c 03_d", "02_b>4"},
	    {"02_b:n 03_d", "02_b>4"},
	    {"02_b:n", ""},
	    {"02_b:k 02_c:a", "cannot renumber \"02_c\": it is applied in the database"},
	    {"02_b:na 03_c", "cannot renumber \"02_b\": it is applied in the database"},
	    {"02_b:a 03_c", ""},
	    {"03_late:k 05_b:ka", "03_late>6"},
	    {"03_late:kb 05_b:ka", ""},
	    /* what runs last has a number, but no place */
	    {"01_a:ka 02_b 90_v:kal", ""},
	    {"01_a:ka 02_b:k 03_c:ka 90_v:kal", "02_b>4"},
	    {"01_a:k 02_b:k 02_c 90_v:kl", "02_c>3"},
	    {"01_a:k 02_b:k 02_c 03_v:kl", "02_c>4"},
	    {"01_v:l 02_a:ka", ""},
	    {"02_v:kl 02_b 03_c", "02_b>3 03_c>4"},
	    {"02_b:k 02_v:l 03_c", "02_v>4"},
	    {"02_b:k9 02_v:kl3 03_c:k3", "02_v>4"},
	    {"02_v:nl 03_c", "02_v>4"},
	    {"20260101000000_a:k 20260101000000_b", "20260101000000_b>20260101000001"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *moves = outcome(rows[i].situation, &arena);

		if (strcmp(moves, rows[i].moves) != 0)
			fail_msg("%s: %s", rows[i].situation, moves);
	}
}

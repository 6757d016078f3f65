/*
 * Two programs print what we need, and neither alone is enough. --list names every entry in the order of
 * the archive, rows too, but not what depends on what; --schema-only --verbose prints that and the
 * statements, but in one text with them, where the body of a function may hold lines that look like the
 * head of an entry, of any other entry's number too. So the text is read as SQL: a head is a comment of the
 * script, never what lies in a literal or a quoted name, and it counts only with an id of the list that was
 * not met yet. pg_dump writes line ends of names as blanks, so no name begins a line.
 *
 * The table of contents in the archive itself was not an option: its format changes (1.14 in PostgreSQL
 * 12 to 15, 1.15 in 16, 1.16 in 17), while these comments have one form in pg_restore 13 to 18.
 *
 * What is found here decides only what is asked of the server and what is left out on request; whether
 * the archive can be restored is for pg_restore to say.
 */
#include "backup/rights/archive_list.h"

#include <stdlib.h>
#include <string.h>

#include "sql/lexer.h"
#include "stream/pipe.h"

/* --- the list ----------------------------------------------------------- */

/* "215; 1255 16544 FUNCTION public f(integer) app"; a line that begins with ";" is a comment. */
static void read_ids(struct str text, struct arena *arena, struct archive_list *out)
{
	long *ids = NULL;
	struct str line;

	while (str_line_next(&text, &line)) {
		char *end;
		const char *copy = str_copy(arena, str_slice(line, 0, str_index(line, ';')));
		const long id = strtol(copy, &end, 10);

		if (end != copy && id > 0)
			*ARENA_PUSH(arena, ids, out->id_count) = id;
	}
	out->ids = ids;
}

/* --- the statements ----------------------------------------------------- */

/*
 * Each entry begins so; other lines may be between these:
 *
 * --
 * -- TOC entry 215 (class 1255 OID 16544)
 * -- Dependencies: 3 8
 * -- Name: f(integer); Type: FUNCTION; Schema: public; Owner: app; Tablespace: one
 * --
 */
static const char entry_mark[] = "-- TOC entry ";

static const char *find_last(struct str text, const char *word)
{
	const size_t len = strlen(word);

	for (size_t at = text.len >= len ? text.len - len + 1 : 0; at-- > 0;)
		if (memcmp(text.text + at, word, len) == 0)
			return text.text + at;
	return NULL;
}

/* What is after the last `word`, taken off the text; NULL for "-" and where there is none. */
static const char *take_last(struct str *text, const char *word, struct arena *arena)
{
	const char *found = find_last(*text, word);

	if (!found)
		return NULL;
	const size_t at = (size_t)(found - text->text);
	const struct str value = str_slice(*text, at + strlen(word), text->len);
	*text = str_slice(*text, 0, at);
	return value.len == 0 || str_is(value, "-") ? NULL : str_copy(arena, value);
}

/* From the end, since a name may hold what looks like the rest. */
static void read_name(struct archive_entry *entry, struct str text, struct arena *arena)
{
	(void)take_last(&text, "; Tablespace: ", arena);
	entry->owner = take_last(&text, "; Owner: ", arena);
	entry->schema = take_last(&text, "; Schema: ", arena);
	entry->type = take_last(&text, "; Type: ", arena);
	entry->name = text;
}

static void read_dependencies(struct archive_entry *entry, struct str text, struct arena *arena)
{
	long *ids = NULL;
	struct str word;

	while (str_split_next(&text, ' ', &word))
		*ARENA_PUSH(arena, ids, entry->depend_count) = strtol(str_copy(arena, word), NULL, 10);
	entry->depends = ids;
}

static bool take_word(struct str line, const char *word, struct str *rest)
{
	if (!str_starts(line, word))
		return false;
	*rest = str_slice(line, strlen(word), line.len);
	return true;
}

/* `text` begins after the first "--"; what it says is left out of it. */
static struct archive_entry read_head(struct str *text, struct arena *arena)
{
	struct archive_entry entry = {0};
	struct str line, rest;

	while (str_line_next(text, &line) && !str_is(line, "--"))
		if (take_word(line, entry_mark, &rest))
			entry.id = strtol(str_copy(arena, str_slice(rest, 0, str_index(rest, ' '))), NULL, 10);
		else if (take_word(line, "-- Dependencies: ", &rest))
			read_dependencies(&entry, rest, arena);
		else if (take_word(line, "-- Name: ", &rest))
			read_name(&entry, rest, arena);
	return entry;
}

/* Where the next head begins, at its first "--"; the whole text's length when there is none. */
static size_t find_head(struct lexer *lexer)
{
	size_t dashes_at = lexer->text.len;
	struct token token;

	while ((token = lexer_next(lexer)).kind != TOKEN_END) {
		if (token.kind == TOKEN_COMMENT && str_starts(token.text, entry_mark) && dashes_at < lexer->text.len)
			return dashes_at;
		if (token.kind == TOKEN_COMMENT && str_is(str_trim(token.text), "--"))
			dashes_at = (size_t)(token.text.text - lexer->text.text);
		else if (token.kind != TOKEN_SPACE)
			dashes_at = lexer->text.len;
	}
	return lexer->text.len;
}

/* As the dump says before its first entry. */
static bool has_escapes(struct str schema)
{
	static const char off[] = "SET standard_conforming_strings = off;";
	struct str line;

	while (str_line_next(&schema, &line) && !str_starts(line, entry_mark))
		if (str_is(line, off))
			return true;
	return false;
}

static int compare_slots(const void *a, const void *b)
{
	const struct archive_slot *left = a;
	const struct archive_slot *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

static void make_slots(struct archive_list *list, struct arena *arena)
{
	list->slots = arena_array(arena, struct archive_slot, list->id_count + 1);
	for (size_t i = 0; i < list->id_count; i++)
		list->slots[i] = (struct archive_slot){list->ids[i], 0};
	if (list->id_count)
		qsort(list->slots, list->id_count, sizeof(*list->slots), compare_slots);
}

static struct archive_slot *find_slot(const struct archive_list *list, long id)
{
	const struct archive_slot wanted = {id, 0};

	return list->id_count ? bsearch(&wanted, list->slots, list->id_count, sizeof(wanted), compare_slots)
	                      : NULL;
}

const struct archive_entry *archive_list_find(const struct archive_list *list, long id)
{
	const struct archive_slot *slot = find_slot(list, id);

	return slot && slot->at ? &list->entries[slot->at - 1] : NULL;
}

static void read_entries(struct str schema, struct arena *arena, struct archive_list *out)
{
	struct lexer lexer = {.text = schema, .has_escapes = has_escapes(schema)};
	struct archive_entry *last = NULL;
	size_t at;

	while ((at = find_head(&lexer)) < schema.len) {
		struct str text = str_slice(schema, at + strlen("--\n"), schema.len);
		struct archive_entry entry = read_head(&text, arena);
		struct archive_slot *slot = find_slot(out, entry.id);

		if (last)
			last->sql.len = (size_t)(schema.text + at - last->sql.text);
		last = NULL;
		if (!entry.type || !slot || slot->at)
			continue;
		entry.sql = text;
		last = ARENA_PUSH(arena, out->entries, out->count);
		*last = entry;
		slot->at = out->count;
	}
}

/* The order matters: entries are accepted by the slots, which are made of the ids. */
struct archive_list archive_list_parse(struct str list, struct str schema, struct arena *arena)
{
	struct archive_list parsed = {0};

	read_ids(list, arena, &parsed);
	make_slots(&parsed, arena);
	read_entries(schema, arena, &parsed);
	return parsed;
}

/* --- while it passes ---------------------------------------------------- */

/*
 * Both end before the archive does; what ends well is written to no more. The first to see the archive is
 * `next`, so what is wrong with it is told by that one.
 */
struct reading {
	struct sink sink;
	struct arena arena;
	struct archive_reading *it;
	struct pipe_options options[2];
	struct sink *readers[2];
	struct sink *next;
};

enum { READER_COUNT = 2 };

static bool reading_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct reading *stage = (struct reading *)sink;
	struct archive_reading *it = stage->it;

	for (size_t i = 0; i < bytes.len && it->head_len < sizeof(it->head); i++)
		it->head[it->head_len++] = (unsigned char)bytes.text[i];
	return sink_write(stage->next, bytes, err) && sink_write(stage->readers[0], bytes, err) &&
	       sink_write(stage->readers[1], bytes, err);
}

static bool reading_finish(struct sink *sink, struct error *err)
{
	struct reading *stage = (struct reading *)sink;

	return sink_finish(stage->readers[0], err) && sink_finish(stage->readers[1], err) &&
	       sink_finish(stage->next, err);
}

static void reading_discard(struct sink *sink)
{
	struct reading *stage = (struct reading *)sink;

	for (size_t i = 0; i < READER_COUNT; i++)
		sink_discard(stage->readers[i]);
	sink_discard(stage->next);
}

static void reading_close(struct sink *sink)
{
	struct reading *stage = (struct reading *)sink;
	struct arena arena = stage->arena;

	for (size_t i = 0; i < READER_COUNT; i++)
		sink_close(&stage->readers[i]);
	sink_close(&stage->next);
	arena_clear(&arena);
}

static bool open_reader(struct reading *stage, size_t i, const char *const *options, struct buffer *output,
                        struct error *err)
{
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(&stage->arena, argv, count) = stage->it->pg_restore;
	for (; *options; options++)
		*ARENA_PUSH(&stage->arena, argv, count) = *options;
	*ARENA_PUSH(&stage->arena, argv, count) = NULL;
	output->arena = stage->it->arena;
	stage->options[i] = (struct pipe_options){
	    .argv = argv, .circumstance = "while reading the archive's list of contents", .output = output};
	return pipe_open(&stage->options[i], NULL, &stage->readers[i], err);
}

bool archive_reading_open(struct archive_reading *it, struct sink *next, struct sink **out, struct error *err)
{
	static const struct sink_class class = {reading_write, reading_finish, reading_discard, reading_close};
	static const char *const listing[] = {"--list", NULL};
	static const char *const printing[] = {"--schema-only", "--verbose", "--file=-", NULL};
	struct arena arena = {0};
	struct reading *stage = arena_new(&arena, struct reading);

	*stage = (struct reading){.sink.class = &class, .arena = arena, .it = it, .next = next};
	if (!open_reader(stage, 0, listing, &it->list, err) ||
	    !open_reader(stage, 1, printing, &it->schema, err)) {
		sink_discard(&stage->sink);
		reading_close(&stage->sink);
		return false;
	}
	*out = &stage->sink;
	return true;
}

/* The format's minor version says which programs know it: 1.14 is PostgreSQL 12's. */
int archive_least_major(const struct archive_reading *it)
{
	enum { MINOR = 6 };
	static const struct {
		unsigned char minor;
		int major;
	} formats[] = {{15, 16}, {16, 17}};
	int major = 0;

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats) && it->head_len > MINOR; i++)
		if (it->head[MINOR] >= formats[i].minor)
			major = formats[i].major;
	return major;
}

struct archive_list archive_reading_end(const struct archive_reading *it)
{
	struct archive_list list = archive_list_parse(buffer_str(&it->list), buffer_str(&it->schema), it->arena);

	list.least_major = archive_least_major(it);
	return list;
}

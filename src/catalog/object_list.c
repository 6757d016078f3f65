/*
 * The bytes are made to be short without a library: in canonical order an identity begins like the one before
 *it more often than not (app.items, app.items.id, app.items.price), so only how much is the same and what
 *follows is written. What is left are the digests, which nothing compresses; eight bytes of each are enough,
 *as it is the fingerprint of the whole that says whether there is a difference at all.
 *
 *	version (1 byte), then for each kind: length and name of the kind, number of its objects, and for each
 *	of these: how many bytes its identity shares with the one before, length and bytes of the rest, digest
 *
 * Numbers are seven bits a byte, lowest first, the eighth says that more follow. They lie in a table, and who
 * can write that can write anything: every length is held against what is left, and the order is checked, as
 * comparing relies on it.
 */
#include "catalog/object_list.h"

#include <string.h>

#include "base/buffer.h"

enum {
	ENCODING_VERSION = 1,
	MOST_IDENTITY = 64 * 1024,
};

/* --- making --------------------------------------------------------------- */

struct making {
	struct arena *arena;
	struct object_list list;
};

static void note(void *context, const struct object *object, const uint8_t digest[DIGEST_SIZE])
{
	struct making *making = context;
	struct listed_object *listed = ARENA_PUSH(making->arena, making->list.items, making->list.count);

	*listed = (struct listed_object){.kind = object->kind, .identity = object->identity};
	memcpy(listed->digest, digest, LISTED_DIGEST_SIZE);
}

void object_list_make(const struct catalog *catalog, int parts, const char *self, struct arena *arena,
                      struct object_list *out)
{
	struct making making = {.arena = arena};
	struct catalog seen = *catalog;

	seen.self = self ? self : catalog->self;
	catalog_fingerprint_noting(&seen, parts, note, &making, making.list.fingerprint);
	*out = making.list;
}

/* --- writing -------------------------------------------------------------- */

static void put_number(struct buffer *out, size_t number)
{
	for (; number >= 0x80; number >>= 7)
		buffer_char(out, (char)(0x80 | (number & 0x7f)));
	buffer_char(out, (char)number);
}

static void put_text(struct buffer *out, struct str text)
{
	put_number(out, text.len);
	buffer_add(out, text);
}

static size_t shared_len(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] && a[len] == b[len])
		len++;
	return len;
}

static void put_object(struct buffer *out, const struct listed_object *object, const char *before)
{
	const size_t shared = shared_len(before, object->identity);

	put_number(out, shared);
	put_text(out, str_of(object->identity + shared));
	buffer_add(out, (struct str){(const char *)object->digest, LISTED_DIGEST_SIZE});
}

static size_t count_of_kind(const struct object_list *list, size_t from)
{
	size_t to = from;

	while (to < list->count && list->items[to].kind == list->items[from].kind)
		to++;
	return to - from;
}

struct str object_list_encode(const struct object_list *list, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	buffer_char(&out, ENCODING_VERSION);
	for (size_t i = 0; i < list->count;) {
		const size_t end = i + count_of_kind(list, i);
		const char *before = "";

		put_text(&out, str_of(list->items[i].kind->name));
		put_number(&out, end - i);
		for (; i < end; i++) {
			put_object(&out, &list->items[i], before);
			before = list->items[i].identity;
		}
	}
	return buffer_str(&out);
}

/* --- reading -------------------------------------------------------------- */

static bool take_number(struct str *rest, size_t *out)
{
	size_t number = 0;

	for (unsigned shift = 0; rest->len > 0 && shift < 35; shift += 7) {
		const unsigned char byte = (unsigned char)rest->text[0];

		*rest = str_slice(*rest, 1, rest->len);
		number |= (size_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*out = number;
			return true;
		}
	}
	return false;
}

static bool take_bytes(struct str *rest, size_t len, struct str *out)
{
	if (len > rest->len)
		return false;
	*out = str_slice(*rest, 0, len);
	*rest = str_slice(*rest, len, rest->len);
	return true;
}

static bool take_text(struct str *rest, struct str *out)
{
	size_t len;

	return take_number(rest, &len) && take_bytes(rest, len, out) && !memchr(out->text, '\0', out->len);
}

static bool is_in_order(const struct object_list *list)
{
	const struct listed_object *last = &list->items[list->count - 1];

	if (list->count < 2 || last[-1].kind != last->kind)
		return true;
	return strcmp(last[-1].identity, last->identity) <= 0;
}

static bool take_object(struct str *rest, const struct object_kind *kind, const char **before,
                        struct arena *arena, struct object_list *list)
{
	size_t shared;
	struct str tail, digest;

	if (!take_number(rest, &shared) || !take_text(rest, &tail) ||
	    !take_bytes(rest, LISTED_DIGEST_SIZE, &digest) || shared > strlen(*before) ||
	    shared + tail.len > MOST_IDENTITY)
		return false;
	struct listed_object *object = ARENA_PUSH(arena, list->items, list->count);
	*object = (struct listed_object){
	    .kind = kind, .identity = arena_printf(arena, "%.*s%.*s", (int)shared, *before, STR_ARGS(tail))};
	memcpy(object->digest, digest.text, LISTED_DIGEST_SIZE);
	*before = object->identity;
	return is_in_order(list);
}

static bool take_kind(struct str *rest, const struct object_kind *above, struct arena *arena,
                      struct object_list *list, const struct object_kind **out)
{
	const char *before = "";
	struct str name;
	size_t count;

	if (!take_text(rest, &name) || !take_number(rest, &count))
		return false;
	const struct object_kind *kind = object_kind_find(str_copy(arena, name));
	if (!kind || (above && kind <= above))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!take_object(rest, kind, &before, arena, list))
			return false;
	*out = kind;
	return true;
}

bool object_list_decode(struct str bytes, struct arena *arena, struct object_list *out, struct error *err)
{
	struct object_list list = {0};
	const struct object_kind *kind = NULL;

	if (bytes.len == 0 || bytes.text[0] != ENCODING_VERSION)
		return error_set(err, ERROR_FOUND, "the list of objects is of another version of rung");
	for (struct str rest = str_slice(bytes, 1, bytes.len); rest.len > 0;)
		if (!take_kind(&rest, kind, arena, &list, &kind))
			return error_set(err, ERROR_FOUND, "the list of objects is damaged");
	*out = list;
	return true;
}

/* --- comparing ------------------------------------------------------------ */

/* As object_compare(): kinds are in one array, in their order. */
static int order_of(const struct listed_object *a, const struct listed_object *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->identity, b->identity);
}

void object_list_compare(const struct object_list *before, const struct object_list *after,
                         struct arena *arena, struct object_moves *out)
{
	struct object_moves moves = {0};
	size_t i = 0;
	size_t j = 0;

	while (i < before->count || j < after->count) {
		const struct listed_object *a = i < before->count ? &before->items[i] : NULL;
		const struct listed_object *b = j < after->count ? &after->items[j] : NULL;
		const int order = !a ? 1 : !b ? -1 : order_of(a, b);
		const struct listed_object *named = order <= 0 ? a : b;

		if (order != 0 || memcmp(a->digest, b->digest, LISTED_DIGEST_SIZE) != 0)
			*ARENA_PUSH(arena, moves.items, moves.count) = (struct object_move){order == 0  ? OBJECT_CHANGED
			                                                                    : order < 0 ? OBJECT_REMOVED
			                                                                                : OBJECT_ADDED,
			                                                                    named->kind, named->identity};
		i += order <= 0;
		j += order >= 0;
	}
	*out = moves;
}

const char *object_move_name(enum object_move_kind move)
{
	static const char *const names[] = {
	    [OBJECT_ADDED] = "added", [OBJECT_CHANGED] = "changed", [OBJECT_REMOVED] = "removed"};

	return names[move];
}

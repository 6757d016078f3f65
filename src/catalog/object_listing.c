/*
 * A run of migrations ends with this list, and must not take several times the memory of the run for it. So
 * what is said of objects (comments, labels, grants) is asked first, with what is not the user's as the
 * server finds it (gone.sql); then a row is all there is to know of an object, and its texts need no copy. Of
 * each are left its identity, as those of its children begin with it, its digest, and where the server keeps
 * it.
 *
 * A parent comes before its children, in the order of the queries (object_identity.c).
 *
 * The rows lie in blocks that stay where they are, and are found by an open table of their numbers: lists
 * that double would leave as much again behind.
 */
#include "catalog/object_listing.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

enum {
	BLOCK_ROWS = 64,
	FIRST_PLACES = 1024,
};

struct listing_row {
	const struct object_kind *kind;
	const char *identity;
	struct catalog_address address;
	bool is_left_out; /* not the user's */
	bool counts;
	uint8_t digest[DIGEST_SIZE]; /* where it counts */
};

struct object_listing {
	struct arena *arena; /* until the list is made */
	struct arena *texts; /* of identities, as long as the list */
	int parts;
	struct buffer text;
	struct listing_row **blocks;
	size_t block_count;
	size_t count;
	uint32_t *places; /* numbers of rows from 1 on; 0: free */
	size_t place_count;
};

/* --- rows ----------------------------------------------------------------- */

static struct listing_row *row_at(const struct object_listing *listing, size_t i)
{
	return &listing->blocks[i / BLOCK_ROWS][i % BLOCK_ROWS];
}

static struct listing_row *new_row(struct object_listing *listing)
{
	if (listing->count % BLOCK_ROWS == 0)
		*ARENA_PUSH(listing->arena, listing->blocks, listing->block_count) =
		    arena_array(listing->arena, struct listing_row, BLOCK_ROWS);
	return row_at(listing, listing->count++);
}

static bool is_at(const struct listing_row *row, struct catalog_address address)
{
	return row->address.oid == address.oid && row->address.class == address.class &&
	       row->address.sub == address.sub;
}

static uint32_t *place_of(const struct object_listing *listing, struct catalog_address address)
{
	size_t i = catalog_address_hash(address) & (listing->place_count - 1);

	while (listing->places[i] && !is_at(row_at(listing, listing->places[i] - 1), address))
		i = (i + 1) & (listing->place_count - 1);
	return &listing->places[i];
}

static void take_place(struct object_listing *listing, size_t i)
{
	const struct catalog_address address = row_at(listing, i)->address;
	uint32_t *place = address.oid ? place_of(listing, address) : NULL;

	if (place && !*place)
		*place = (uint32_t)(i + 1);
}

static void make_places(struct object_listing *listing, size_t count)
{
	listing->place_count = count;
	listing->places = arena_array(listing->arena, uint32_t, count);
	for (size_t i = 0; i < listing->count; i++)
		take_place(listing, i);
}

/* Under its address, of which the first row stays; twice as many places as rows, at least. */
static void remember(struct object_listing *listing)
{
	const size_t number = listing->count;

	if (2 * number > listing->place_count)
		make_places(listing, listing->place_count ? 2 * listing->place_count : FIRST_PLACES);
	else
		take_place(listing, number - 1);
}

static const struct listing_row *find(const struct object_listing *listing, struct catalog_address address)
{
	const uint32_t number = listing->place_count ? *place_of(listing, address) : 0;

	return number ? row_at(listing, number - 1) : NULL;
}

/* --- one object ----------------------------------------------------------- */

/* Of what has no columns of its own here a column is the whole. */
static const struct listing_row *find_or_whole(const struct object_listing *listing,
                                               struct catalog_address address)
{
	const struct listing_row *row = find(listing, address);

	if (row || !address.sub)
		return row;
	address.sub = 0;
	return find(listing, address);
}

static void add_what_is_said(const struct catalog_reading *reading, struct object *object)
{
	const struct address_entry *entry = address_map_find(&reading->map, object->address);

	if (!entry || !object->address.oid)
		return;
	object->comment = entry->object->comment;
	object->labels = entry->object->labels;
	object->label_count = entry->object->label_count;
	object->grants = entry->object->grants;
	object->grant_count = entry->object->grant_count;
	object->has_grants = entry->object->has_grants;
}

static void add_row(struct object_listing *listing, const struct object *object, const char *self)
{
	struct listing_row *row = new_row(listing);

	*row = (struct listing_row){
	    .kind = object->kind,
	    .identity = object->identity,
	    .address = object->address,
	    .is_left_out = object->is_left_out,
	    .counts = !object->is_left_out && object_counts(object),
	};
	remember(listing);
	if (row->counts)
		object_digest_with(object, self, listing->parts, &listing->text, row->digest);
}

void listing_take(struct catalog_reading *reading, const struct found_object *found)
{
	struct object_listing *listing = reading->listing;
	struct object *object = found->object;
	const struct listing_row *schema =
	    find(listing, (struct catalog_address){CLASS_SCHEMA, found->schema, 0});
	const struct listing_row *parent = find_or_whole(listing, found->parent);

	object->schema = schema ? schema->identity : NULL;
	object->identity =
	    object_identity_make(object, found->tail, parent ? parent->identity : NULL, listing->texts);
	object->is_left_out = (parent && parent->is_left_out) || reading_is_not_users(reading, object);
	add_what_is_said(reading, object);
	add_row(listing, object, reading->self);
}

/* --- all of them ---------------------------------------------------------- */

static int compare_rows(const void *a, const void *b)
{
	const struct listing_row *left = *(const struct listing_row *const *)a;
	const struct listing_row *right = *(const struct listing_row *const *)b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return strcmp(left->identity, right->identity);
}

static size_t put_in_order(const struct object_listing *listing, const struct listing_row **rows)
{
	size_t count = 0;

	for (size_t i = 0; i < listing->count; i++)
		if (row_at(listing, i)->counts)
			rows[count++] = row_at(listing, i);
	if (count)
		qsort(rows, count, sizeof(*rows), compare_rows);
	return count;
}

static void make_list(struct object_listing *listing, struct arena *arena, struct object_list *out)
{
	scoped_digest struct digest *whole = digest_open();
	const struct listing_row **rows = arena_array(listing->arena, const struct listing_row *, listing->count);
	struct object_list list = {.count = put_in_order(listing, rows)};

	list.items = arena_array(arena, struct listed_object, list.count);
	for (size_t i = 0; i < list.count; i++) {
		list.items[i] = (struct listed_object){rows[i]->kind, rows[i]->identity, {0}};
		memcpy(list.items[i].digest, rows[i]->digest, LISTED_DIGEST_SIZE);
		fingerprint_add(whole, rows[i]->kind, rows[i]->identity, rows[i]->digest, &listing->text);
	}
	digest_finish(whole, list.fingerprint);
	*out = list;
}

bool object_listing_read(struct session *db, const struct catalog_options *options, int parts,
                         struct arena *arena, struct object_listed_database *out, struct error *err)
{
	scoped_arena struct arena own = {0};
	scoped_arena struct arena scratch = {0};
	struct object_listing listing = {.arena = &own, .texts = arena, .parts = parts, .text = {.arena = &own}};
	struct catalog_reading reading = {
	    .arena = &own,
	    .scratch = &scratch,
	    .options = options,
	    .texts = {.arena = &own, .scratch = &own},
	    .map = {.arena = &own},
	    .members = {.arena = &own},
	    .listing = &listing,
	};

	if (!reading_ask(db, &reading, err))
		return false;
	*out = (struct object_listed_database){.self = arena_strdup(arena, reading.self),
	                                       .server_version = session_server_version(db)};
	make_list(&listing, arena, &out->list);
	return true;
}

/*
 * What all stores have in common is done once, here: choosing the kind by the URL, refusing names that lead
 * elsewhere, sorting listings, sweeping. A kind fills in a table of functions (store_kind.h) and may leave
 * out what it does not have; a server that takes PUT has no listing.
 *
 * A URL that is mistyped is most likely a path that does not exist, and a directory is made where it is
 * missing: "s3:/bucket" would put the backups on the machine whose loss they are for. Hence anything that
 * looks like one of our schemes and is not is refused.
 *
 * Only what is named like a part of a backup is ever swept (store_may_sweep): a store may be shared with
 * other things, and its unfinished uploads may be another program's.
 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "store/backup_name.h"
#include "store/store_kind.h"

/* The first row whose beginning fits; a path has no scheme. */
static const struct {
	const char *beginning;
	const struct store_kind *kind;
} rows[] = {
    {"file://", &store_directory},
    {"s3://", &store_s3},
    {"https://", &store_web},
    {"http://", &store_web},
};

/*
 * After its name a scheme has "://"; with anything else there it is most likely no directory of that name.
 */
static bool is_mistyped_scheme(const char *url)
{
	struct str rest = str_of(url);
	struct str name;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str beginning = str_of(rows[i].beginning);

		if (str_starts_folded(rest, rows[i].beginning) || !str_split_next(&beginning, ':', &name))
			continue;
		if (rest.len > name.len && strncasecmp(url, name.text, name.len) == 0 && strchr(":/", url[name.len]))
			return true;
	}
	return false;
}

bool store_is_mistyped(const char *url)
{
	return url[0] == '~' || (!strstr(url, "://") && is_mistyped_scheme(url));
}

static bool refuse_mistyped(const char *url, struct error *err)
{
	if (url[0] == '~') {
		error_set(err, ERROR_CONFIG, "cannot keep backups at \"%s\": \"~\" is not expanded in settings", url);
		return error_hint(err, "Write the full path.");
	}
	error_set(err, ERROR_CONFIG, "cannot keep backups at \"%s\": it is neither a URL nor a path", url);
	return error_hint(err,
	                  "Did you mean s3://bucket/prefix or https://host/path/? A directory of that name is "
	                  "\"./%s\".",
	                  url);
}

static bool find_kind(const char *url, const struct store_kind **out, struct error *err)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_starts_folded(str_of(url), rows[i].beginning)) {
			*out = rows[i].kind;
			return true;
		}
	if (strstr(url, "://")) {
		error_set(err, ERROR_CONFIG, "cannot keep backups at \"%.*s\": unknown kind of store",
		          (int)(strstr(url, "://") - url + 3), url);
		return error_hint(err, "Use a directory, s3://bucket/prefix or https://host/path/.");
	}
	if (store_is_mistyped(url))
		return refuse_mistyped(url, err);
	*out = &store_directory;
	return url[0] != '\0' || error_set(err, ERROR_CONFIG, "no store for backups was given");
}

bool store_open(const struct store_options *options, struct store **out, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct store_kind *kind = NULL;
	struct store *store;

	if (!find_kind(options->url, &kind, err) || !kind->open(options, &arena, &store, err))
		return false;
	store->kind = kind;
	store->arena = arena;
	arena = (struct arena){0};
	*out = store;
	return true;
}

void store_close(struct store **store)
{
	struct arena arena;

	if (!*store)
		return;
	if ((*store)->kind->close)
		(*store)->kind->close(*store);
	arena = (*store)->arena; /* the store itself lies on it */
	arena_clear(&arena);
	*store = NULL;
}

const char *store_name(const struct store *store)
{
	return store->name;
}

bool store_is_unmade(const struct store *store)
{
	return store->kind->is_unmade && store->kind->is_unmade(store);
}

/* What is still to be done when a command fails is done with one try each. */
void store_hurry(struct store *store)
{
	if (store->kind->hurry)
		store->kind->hurry(store);
}

bool store_clock(struct store *store, int64_t *ahead_s)
{
	return store->kind->clock && store->kind->clock(store, ahead_s);
}

/*
 * Names come from our own hand, but also out of manifests: none may lead out
 * of the store's prefix or to a hidden file.
 */
static bool check_name(const char *name, struct error *err)
{
	struct str rest = str_of(name);
	struct str part = {0};
	bool is_good = rest.len > 0 && rest.len < 1000 && !str_ends(rest, "/");

	while (is_good && str_split_next(&rest, '/', &part))
		is_good = part.len > 0 && part.len <= 200 && part.text[0] != '.';
	for (const char *c = name; *c && is_good; c++)
		is_good = (unsigned char)*c >= ' ' && *c != 0x7f;
	return is_good || error_set(err, ERROR_STORAGE, "cannot use \"%s\" as the name of a backup's file", name);
}

bool store_put(struct store *store, const char *name, struct sink **out, struct error *err)
{
	return check_name(name, err) && store->kind->put(store, name, out, err);
}

/* `has_none` is reset before, as a name that is refused here says nothing about what the store holds. */
bool store_get(struct store *store, const char *name, struct sink *into, struct error *err)
{
	store->has_none = false;
	return check_name(name, err) && store->kind->get(store, name, into, err);
}

bool store_has_none(const struct store *store)
{
	return store->has_none;
}

int store_descriptor(struct store *store, const char *name)
{
	struct error ignored;

	return check_name(name, &ignored) && store->kind->descriptor ? store->kind->descriptor(store, name) : -1;
}

static int compare_objects(const void *a, const void *b)
{
	return strcmp(((const struct stored_object *)a)->name, ((const struct stored_object *)b)->name);
}

bool store_list(struct store *store, const char *prefix, struct arena *arena, struct object_list *out,
                struct error *err)
{
	struct object_list found = {0};

	if (!store->kind->list(store, prefix, arena, &found, err))
		return false;
	if (found.count)
		qsort(found.items, found.count, sizeof(*found.items), compare_objects);
	*out = found;
	return true;
}

bool store_remove(struct store *store, const char *name, struct arena *arena, const char **retained_until,
                  struct error *err)
{
	*retained_until = NULL;
	return check_name(name, err) && store->kind->remove(store, name, arena, retained_until, err);
}

bool store_unfinished(struct store *store, struct arena *arena, struct unfinished_list *out,
                      struct error *err)
{
	struct unfinished_list found = {0};

	/* What a server makes of half a PUT is its own affair. */
	if (store->kind->unfinished && !store->kind->unfinished(store, arena, &found, err))
		return false;
	*out = found;
	return true;
}

/*
 * It stops at the first that cannot be removed: the right to remove is missing for all of them then, and a
 * line for each would bury that.
 */
bool store_sweep(struct store *store, size_t *removed, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct unfinished_list list;

	*removed = 0;
	if (!store_unfinished(store, &arena, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (!list.items[i].is_abandoned)
			continue;
		if (!store->kind->give_up(store, &list.items[i], err))
			return false;
		++*removed;
	}
	return true;
}

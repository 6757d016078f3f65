#include "command/generate/side_name.h"

#include <string.h>

#include "base/file.h"
#include "config/settings.h"
#include "config/url.h"

static bool set(struct side_name *out, enum side_kind kind, const char *shown, const char *detail)
{
	*out = (struct side_name){.kind = kind, .shown = shown, .detail = detail};
	return true;
}

static bool refuse_unknown(const char *text, struct error *err)
{
	error_set(err, ERROR_USAGE, "there is no file or directory \"%s\"", text);
	return error_hint(err, "Each side is live, schema, schema@NN, git:REF, empty, a connection string, or a "
	                       "file or directory of SQL.");
}

static bool refuse_nameless(const char *what, const char *example, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s is missing", what);
	return error_hint(err, "Write it behind the sign: %s.", example);
}

/* "schema@NN" and "git:REF"; `tail` is what stands behind the sign. */
static bool set_detailed(struct side_name *out, enum side_kind kind, const char *text, const char *tail,
                         struct error *err)
{
	if (*tail)
		return set(out, kind, text, tail);
	return kind == SIDE_GIT ? refuse_nameless("the revision of git", "git:main", err)
	                        : refuse_nameless("the migration", "schema@12", err);
}

bool side_name_parse(const char *text, struct arena *arena, struct side_name *out, struct error *err)
{
	static const struct {
		const char *word;
		enum side_kind kind;
	} words[] = {{"live", SIDE_LIVE}, {"schema", SIDE_MIGRATIONS}, {"empty", SIDE_EMPTY}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(text, words[i].word) == 0)
			return set(out, words[i].kind, words[i].word, NULL);
	if (str_starts(str_of(text), "schema@"))
		return set_detailed(out, SIDE_MIGRATIONS, text, text + strlen("schema@"), err);
	if (str_starts(str_of(text), "git:"))
		return set_detailed(out, SIDE_GIT, text, text + strlen("git:"), err);
	if (file_exists(text) || directory_exists(text))
		return set(out, SIDE_FILES, text, text);
	if (settings_looks_like_url(text) || strchr(text, '='))
		return set(out, SIDE_DATABASE, "the database", url_for_libpq(arena, text));
	return refuse_unknown(text, err);
}

bool side_name_is_database(const struct side_name *name)
{
	return name->kind == SIDE_LIVE || name->kind == SIDE_DATABASE;
}

/*
 * Of all the sources that the provider's own tools know, two are read here, which need no network:
 * variables and the shared file. Machine roles and single sign-on are protocols of their own that change;
 * programs which speak them write that file.
 *
 * Keys come whole from one source. An access key from the environment with a secret from the file would be
 * two halves that do not fit, so the environment counts only when both are there. The region alone may come
 * from elsewhere, as it is no secret and any key has it.
 *
 * A profile that was chosen by name and has no key is an error that names it; it never falls back to
 * "default", which may be somebody else's account.
 */
#include "store/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { MOST_FILE_SIZE = 1024 * 1024 };

static const char default_region[] = "us-east-1";

/* The first of these that is set to something. */
static const char *environment(const char *name, const char *other)
{
	const char *value = getenv(name);

	if ((!value || !*value) && other)
		value = getenv(other);
	return value && *value ? value : NULL;
}

/* What a line may set, and where it goes. */
static void take_line(struct str line, struct arena *arena, struct sigv4_key *key)
{
	const size_t equals = str_index(line, '=');
	const struct str name = str_trim(str_slice(line, 0, equals));
	const struct str value = str_trim(str_slice(line, equals + 1, line.len));
	const struct {
		const char *name;
		const char **target;
	} rows[] = {
	    {"aws_access_key_id", &key->access_key},
	    {"aws_secret_access_key", &key->secret_key},
	    {"aws_session_token", &key->session_token},
	    {"region", &key->region},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (value.len && str_is_folded(name, rows[i].name))
			*rows[i].target = str_copy(arena, value);
}

/*
 * "[name]" or, as in the other file of theirs, "[profile name]". One file has "[name]", the other "[profile
 * name]", and people point AWS_SHARED_CREDENTIALS_FILE at either.
 */
static bool is_section(struct str line, const char *profile)
{
	struct str name = str_trim(str_slice(line, 1, str_index(line, ']')));

	if (str_starts(name, "profile "))
		name = str_trim(str_slice(name, strlen("profile "), name.len));
	return str_is(name, profile);
}

void credentials_take(struct str text, const char *profile, struct arena *arena, struct sigv4_key *key)
{
	bool is_ours = false;
	struct str line;

	while (str_line_next(&text, &line)) {
		line = str_trim(line);
		if (str_starts(line, "["))
			is_ours = is_section(line, profile);
		else if (is_ours && !str_starts(line, "#") && !str_starts(line, ";"))
			take_line(line, arena, key);
	}
}

static const char *credentials_path(struct arena *arena)
{
	const char *path = environment("AWS_SHARED_CREDENTIALS_FILE", NULL);
	const char *home = environment("HOME", NULL);

	return path ? path : home ? path_join(arena, home, ".aws/credentials") : NULL;
}

static bool read_profile(struct arena *arena, struct sigv4_key *key, struct error *err)
{
	const char *chosen = environment("AWS_PROFILE", "AWS_DEFAULT_PROFILE");
	const char *profile = chosen ? chosen : "default";
	const char *path = credentials_path(arena);
	struct str text;

	if (path && file_exists(path)) {
		if (!file_read(path, MOST_FILE_SIZE, ERROR_CONFIG, arena, &text, err))
			return false;
		credentials_take(text, profile, arena, key);
	}
	if (key->access_key && key->secret_key)
		return true;
	if (chosen)
		error_set(err, ERROR_CONFIG, "the profile \"%s\" has no access key in \"%s\"", chosen,
		          path ? path : "");
	else
		error_set(err, ERROR_CONFIG, "there are no credentials for object storage");
	return error_hint(err,
	                  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE with a profile of "
	                  "~/.aws/credentials.");
}

bool credentials_read(struct arena *arena, struct sigv4_key *out, struct error *err)
{
	const char *region = environment("AWS_REGION", "AWS_DEFAULT_REGION");
	struct sigv4_key key = {
	    .access_key = environment("AWS_ACCESS_KEY_ID", NULL),
	    .secret_key = environment("AWS_SECRET_ACCESS_KEY", NULL),
	};

	if (key.access_key && key.secret_key)
		key.session_token = environment("AWS_SESSION_TOKEN", NULL);
	else if (key = (struct sigv4_key){0}, !read_profile(arena, &key, err))
		return false;
	if (region)
		key.region = region;
	if (!key.region)
		key.region = default_region;
	*out = key;
	return true;
}

#include "config/url.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/str.h"
#include "config/settings.h"

/* The end of "postgresql://", "postgres+psycopg2://" or "jdbc:postgresql://" in `url`; 0 for none. */
static size_t scheme_len(struct str url)
{
	const size_t start = str_starts_folded(url, "jdbc:") ? 5 : 0;
	const struct str rest = str_slice(url, start, url.len);
	size_t at = str_starts_folded(rest, "postgresql") ? 10 : str_starts_folded(rest, "postgres") ? 8 : 0;

	if (at == 0)
		return 0;
	if (at < rest.len && rest.text[at] == '+')
		while (at < rest.len && rest.text[at] != ':')
			at++;
	return str_starts(str_slice(rest, at, rest.len), "://") ? start + at + 3 : 0;
}

/* Parameters of other clients, and libpq's word for them; NULL: they mean nothing to us. */
static const struct {
	const char *name;
	const char *libpq;
} foreign_parameters[] = {
    {"ssl", "sslmode"},
    {"pgbouncer", NULL},
    {"connection_limit", NULL},
    {"pool_timeout", NULL},
    {"pool_size", NULL},
    {"max_overflow", NULL},
    {"statement_cache_size", NULL},
    {"prepared_statement_cache_size", NULL},
    {"async_fallback", NULL},
};

static const char *ssl_mode(struct arena *arena, struct str value)
{
	if (str_is_folded(value, "true") || str_is(value, "1"))
		return "require";
	if (str_is_folded(value, "false") || str_is(value, "0"))
		return "disable";
	return str_copy(arena, value);
}

/* One "name=value" of a query, in libpq's words; may add nothing. */
static void add_parameter(struct buffer *out, struct str parameter, char *separator)
{
	const size_t equals = str_index(parameter, '=');
	const struct str name = str_slice(parameter, 0, equals);
	const struct str value = str_slice(parameter, equals + 1, parameter.len);

	for (size_t i = 0; i < sizeof(foreign_parameters) / sizeof(*foreign_parameters); i++) {
		if (!str_is(name, foreign_parameters[i].name))
			continue;
		if (!foreign_parameters[i].libpq)
			return;
		buffer_printf(out, "%c%s=%s", *separator, foreign_parameters[i].libpq, ssl_mode(out->arena, value));
		*separator = '&';
		return;
	}
	buffer_char(out, *separator);
	buffer_add(out, parameter);
	*separator = '&';
}

const char *url_for_libpq(struct arena *arena, const char *url)
{
	const struct str whole = str_trim(str_of(url));
	const size_t start = scheme_len(whole);
	struct buffer out = {.arena = arena};
	char separator = '?';
	struct str parameter;

	if (start == 0)
		return str_copy(arena, whole);
	struct str rest = str_slice(whole, start, whole.len);
	const size_t query = str_index(rest, '?');
	buffer_text(&out, "postgresql://");
	buffer_add(&out, str_slice(rest, 0, query));
	rest = str_slice(rest, query + 1, rest.len);
	while (str_split_next(&rest, '&', &parameter))
		add_parameter(&out, parameter, &separator);
	return buffer_cstr(&out);
}

static int hex_value(char c)
{
	if (char_is_digit(c))
		return c - '0';
	c = char_fold(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool has_bad_percent(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.text[i] == '%' &&
		    (i + 2 >= text.len || hex_value(text.text[i + 1]) < 0 || hex_value(text.text[i + 2]) < 0))
			return true;
	return false;
}

static bool refuse_url(const char *origin, const char *what, struct error *err)
{
	error_set(err, ERROR_CONFIG, "cannot use the database URL (%s): %s", origin, what);
	return error_hint(err,
	                  "In a URL a password's special characters are written as %%25 for %%, %%40 for @, %%2F "
	                  "for / and %%3A for :.");
}

/* `rest` is what follows "postgresql://". */
static bool check_uri(struct str rest, const char *origin, struct error *err)
{
	const size_t slash = str_index(rest, '/');
	const size_t at = str_index(rest, '@');
	const struct str host = str_slice(rest, at + 1, rest.len);
	const size_t colon = str_index(str_slice(rest, 0, slash), ':');
	const size_t digits = colon < slash ? strspn(rest.text + colon + 1, "0123456789,:") : 0;

	if (has_bad_percent(rest))
		return refuse_url(origin, "a % in it is not followed by two hexadecimal digits", err);
	if (at < slash && str_index(host, '@') < strcspn(host.text, "/?"))
		return refuse_url(origin, "an @ in its password is not encoded", err);
	if (slash < at && at < rest.len && colon < slash && rest.text[0] != '[' && colon + 1 + digits < slash &&
	    !memchr(rest.text, ',', slash))
		return refuse_url(origin, "a / in its password is not encoded", err);
	return true;
}

/* The length of a keyword's value at the head of `rest`: quoted, or up to a blank. */
static size_t value_len(struct str rest)
{
	const bool is_quoted = rest.len && rest.text[0] == '\'';
	size_t i = is_quoted;

	for (; i < rest.len; i++) {
		if (rest.text[i] == '\\')
			i++;
		else if (is_quoted ? rest.text[i] == '\'' : char_is_space(rest.text[i]))
			break;
	}
	i += is_quoted;
	return i < rest.len ? i : rest.len;
}

/* Where a keyword's value starts behind its '='. */
static size_t value_start(struct str text)
{
	size_t value = str_index(text, '=') + 1;

	while (value < text.len && char_is_space(text.text[value]))
		value++;
	return value;
}

static bool check_keywords(struct str text, const char *origin, struct error *err)
{
	for (text = str_trim(text); text.len; text = str_trim(text)) {
		const struct str name = str_trim(str_slice(text, 0, str_index(text, '=')));
		const size_t value = value_start(text);

		if (value > text.len || strcspn(name.text, " \t\r\n") < name.len) {
			error_set(err, ERROR_CONFIG, "cannot use the connection string (%s): expected keyword=value",
			          origin);
			return error_hint(err, "A value with blanks in it needs quotes: password='two words'.");
		}
		text = str_slice(text, value + value_len(str_slice(text, value, text.len)), text.len);
	}
	return true;
}

bool url_check(const char *url, const char *origin, struct error *err)
{
	const struct str text = str_trim(str_of(url));
	const size_t start = scheme_len(text);
	const char *scheme = strstr(url, "://");
	const char *equals = strchr(url, '=');

	if (start)
		return check_uri(str_slice(text, start, text.len), origin, err);
	if (scheme && (!equals || scheme < equals))
		return refuse_url(origin, "it should start with postgresql://", err);
	return !equals || check_keywords(text, origin, err);
}

/* As libpq reads a quoted value: only the quote and the backslash are special. */
static void add_keyword(struct buffer *out, const char *keyword, const char *value)
{
	buffer_printf(out, "%s%s='", out->len ? " " : "", keyword);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buffer_char(out, '\\');
		buffer_char(out, *value);
	}
	buffer_char(out, '\'');
}

const char *url_from_prefix(struct arena *arena, const char *prefix)
{
	static const struct {
		const char *suffix;
		const char *keyword;
	} parts[] = {{"HOST", "host"}, {"PORT", "port"},         {"NAME", "dbname"},
	             {"USER", "user"}, {"PASSWORD", "password"}, {"SSLMODE", "sslmode"}};
	const size_t len = strlen(prefix);
	const char *joint = len && prefix[len - 1] == '_' ? "" : "_";
	struct buffer out = {.arena = arena};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const char *value = getenv(arena_printf(arena, "%s%s%s", prefix, joint, parts[i].suffix));

		if (value && *value)
			add_keyword(&out, parts[i].keyword, value);
	}
	return out.len ? buffer_cstr(&out) : NULL;
}

static char *percent_decode(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		const int high = i + 2 < text.len && text.text[i] == '%' ? hex_value(text.text[i + 1]) : -1;
		const int low = high >= 0 ? hex_value(text.text[i + 2]) : -1;

		out[len++] = low >= 0 ? (char)(high * 16 + low) : text.text[i];
		i += low >= 0 ? 2 : 0;
	}
	return out;
}

/* libpq's are password, sslpassword and oauth_client_secret; other clients have pwd and tokens. */
static bool is_secret_name(struct arena *arena, struct str name)
{
	static const char *const words[] = {"password", "passwd", "pwd", "secret", "token"};
	const char *plain = percent_decode(arena, str_trim(name));

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasestr(plain, words[i]))
			return true;
	return false;
}

static size_t last_index(struct str s, char c)
{
	const char *found = s.len ? memrchr(s.text, c, s.len) : NULL;

	return found ? (size_t)(found - s.text) : s.len;
}

/*
 * "user:secret@": the secret may hold anything, also '/', '?' and '@' that
 * should have been encoded, so it ends at the last '@' there is. Without one,
 * "user:secret" may be a host that was forgotten; a port is digits.
 */
static struct str mask_user(struct buffer *out, struct str rest)
{
	const size_t at = last_index(rest, '@');
	const size_t end = at < rest.len ? at : strcspn(rest.text, "/?");
	const size_t colon = str_index(str_slice(rest, 0, end), ':');
	const char *port = rest.text + colon;

	if (at == rest.len && (rest.text[0] == '[' || strspn(port, ":0123456789,") + colon >= end ||
	                       memchr(port, ',', end - colon)))
		return rest;
	if (colon >= end)
		return rest;
	buffer_add(out, str_slice(rest, 0, colon));
	buffer_text(out, ":***");
	return str_slice(rest, end, rest.len);
}

static char *mask_uri(struct arena *arena, struct str url, size_t start)
{
	struct buffer out = {.arena = arena};

	buffer_add(&out, str_slice(url, 0, start));
	struct str rest = mask_user(&out, str_slice(url, start, url.len));
	const size_t query = str_index(rest, '?');
	char separator = '?';
	struct str parameter;

	buffer_add(&out, str_slice(rest, 0, query));
	rest = str_slice(rest, query + 1, rest.len);
	for (; str_split_next(&rest, '&', &parameter); separator = '&') {
		const size_t equals = str_index(parameter, '=');

		buffer_char(&out, separator);
		if (equals < parameter.len && is_secret_name(arena, str_slice(parameter, 0, equals)))
			buffer_printf(&out, "%.*s=***", STR_ARGS(str_slice(parameter, 0, equals)));
		else
			buffer_add(&out, parameter);
	}
	return buffer_cstr(&out);
}

/* Blanks around the '=' are allowed; they belong to neither side. */
static char *mask_keywords(struct arena *arena, struct str text)
{
	struct buffer out = {.arena = arena};

	while (text.len) {
		const size_t equals = str_index(text, '=');
		const size_t value = value_start(text);
		const size_t len = value_len(str_slice(text, value, text.len));
		buffer_add(&out, str_slice(text, 0, value));
		if (is_secret_name(arena, str_slice(text, 0, equals)))
			buffer_text(&out, len ? "***" : "");
		else
			buffer_text(&out, settings_safe_url(arena, str_copy(arena, str_slice(text, value, value + len))));
		text = str_slice(text, value + len, text.len);
	}
	return buffer_cstr(&out);
}

char *settings_safe_url(struct arena *arena, const char *url)
{
	const struct str text = str_of(url);
	const char *scheme = strstr(url, "://");
	const char *equals = strchr(url, '=');

	if (scheme && (!equals || scheme < equals))
		return mask_uri(arena, text, (size_t)(scheme - url) + 3);
	return equals ? mask_keywords(arena, text) : arena_strdup(arena, url);
}

/* What tells libpq where to go; a user or a password alone does not. */
static bool environment_names_server(void)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return true;
	}
	return false;
}

static bool is_by_flag(const struct settings *settings, enum setting setting)
{
	const char *origin = settings->values[setting].origin;

	return origin && strcmp(origin, "flag") == 0;
}

static bool check_setting(const struct settings *settings, enum setting setting, struct error *err)
{
	const struct setting_value *value = &settings->values[setting];

	return !value->text || url_check(value->text, value->origin, err);
}

bool settings_database(const struct settings *settings, struct arena *arena, const char **out,
                       struct error *err)
{
	const char *url = setting_text(settings, SETTING_DATABASE_URL);
	const char *prefix = setting_text(settings, SETTING_ENV_PREFIX);
	const char *assembled =
	    prefix && !is_by_flag(settings, SETTING_DATABASE_URL) ? url_from_prefix(arena, prefix) : NULL;

	if (!check_setting(settings, SETTING_DIRECT_URL, err) ||
	    (!assembled && !check_setting(settings, SETTING_DATABASE_URL, err)))
		return false;
	if (assembled)
		*out = assembled;
	else if (url)
		*out = url_for_libpq(arena, url);
	else
		*out = environment_names_server() ? "" : NULL;
	return true;
}

const char *settings_direct_database(const struct settings *settings, struct arena *arena)
{
	const char *url = setting_text(settings, SETTING_DIRECT_URL);

	/* Another database by flag must not be migrated past a pooler that leads to the usual one. */
	if (is_by_flag(settings, SETTING_DATABASE_URL) && !is_by_flag(settings, SETTING_DIRECT_URL))
		return NULL;
	return url ? url_for_libpq(arena, url) : NULL;
}

bool settings_refuse_no_database(const struct settings *settings, struct error *err)
{
	const char *url_env = setting_text(settings, SETTING_URL_ENV);
	const char *prefix = setting_text(settings, SETTING_ENV_PREFIX);

	error_set(err, ERROR_CONFIG, "no database is named");
	if (url_env)
		error_detail(err, "The URL is expected in %s (url_env, %s), which is not set.", url_env,
		             settings->values[SETTING_URL_ENV].origin);
	else if (prefix)
		error_detail(err,
		             "It is expected in %s_HOST, _PORT, _NAME, _USER and _PASSWORD (env_prefix, %s); "
		             "none of them is set.",
		             prefix, settings->values[SETTING_ENV_PREFIX].origin);
	return error_hint(
	    err,
	    "Give --database-url URL; set %s in the environment or in .env; write \"url = ...\" under "
	    "[database] in rung.ini; or set PGHOST, PGDATABASE or PGSERVICE as for psql. "
	    "\"rung local start\" starts a private server, \"rung local url\" prints its URL.",
	    url_env  ? url_env
	    : prefix ? "these variables"
	             : "DATABASE_URL");
}

/*
 * libpq alone decides what a connection string means; here it is only made readable for libpq, and checked
 * for the mistakes after which libpq would say a part of the password aloud ("could not translate host
 * name"). So everything that is not known to be foreign is passed on as it is, and the checks look at
 * special characters that can only be a password's.
 *
 * Which source names the database is decided once, in settings_database(): a flag, then what the project's
 * own variables say, then the plain URL, then PG* for libpq. A project that names its variables gets
 * nothing from PG*. libpq fills gaps from the environment by itself, though, so where env_prefix says all
 * of it those variables are removed (url_forget_libpq).
 *
 * direct_url belongs to the URL it was written beside. With another --database-url it would lead to another
 * database.
 */
#include "config/url.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/str.h"
#include "config/settings.h"

size_t url_scheme_len(struct str url)
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
	const size_t start = url_scheme_len(whole);
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
	if (memmem(rest.text, rest.len, "%00", 3))
		return refuse_url(origin, "there is a %00 in it, which no value can hold", err);
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

/* Where a keyword's value starts after its '='. */
static size_t value_start(struct str text)
{
	size_t value = str_index(text, '=') + 1;

	while (value < text.len && char_is_space(text.text[value]))
		value++;
	return value;
}

static bool is_closed(struct str value)
{
	return !str_starts(value, "'") || (value.len > 1 && str_ends(value, "'"));
}

/* Keywords are words of letters and "_"; anything else is a part of a value that was not quoted. */
static bool is_keyword(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.text[i] != '_' && (name.text[i] < 'a' || name.text[i] > 'z') && !char_is_digit(name.text[i]))
			return false;
	return name.len > 0;
}

bool url_keyword_next(struct str *rest, struct url_keyword *out)
{
	const struct str text = str_trim(*rest);
	const struct str name = str_trim(str_slice(text, 0, str_index(text, '=')));
	const size_t start = value_start(text);

	if (start > text.len || !is_keyword(name))
		return false;
	const size_t end = start + value_len(str_slice(text, start, text.len));
	*out = (struct url_keyword){name, str_slice(text, start, end)};
	*rest = str_slice(text, end, text.len);
	return is_closed(out->value);
}

static bool check_keywords(struct str text, const char *origin, struct error *err)
{
	struct url_keyword word;

	for (text = str_trim(text); text.len; text = str_trim(text)) {
		if (url_keyword_next(&text, &word))
			continue;
		error_set(err, ERROR_CONFIG, "cannot use the connection string (%s): expected keyword=value", origin);
		return error_hint(err, "A value with blanks in it needs quotes: password='two words'.");
	}
	return true;
}

/* A name alone is a database's, as for psql; a URL that lost its scheme is no name. */
static bool check_name(const char *name, const char *origin, struct error *err)
{
	if (!strpbrk(name, "/:@?&%\"'\\ \t\r\n"))
		return true;
	return refuse_url(
	    origin, "it is neither postgresql://user:password@host/database, nor keyword=value, nor a name", err);
}

bool url_check(const char *url, const char *origin, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct str text = str_trim(str_of(url));
	const size_t start = url_scheme_len(text);
	const char *scheme = strstr(url, "//");
	const char *equals = strchr(url, '=');

	if (start)
		return check_uri(str_slice(text, start, text.len), origin, err);
	if (scheme && (!equals || scheme < equals))
		return refuse_url(origin, "it should start with postgresql://", err);
	return equals ? check_keywords(text, origin, err) : check_name(str_copy(&arena, text), origin, err);
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

static const struct {
	const char *suffix;
	const char *keyword;
	bool is_required;
} prefix_parts[] = {{"HOST", "host", true}, {"PORT", "port", false},         {"NAME", "dbname", true},
                    {"USER", "user", true}, {"PASSWORD", "password", false}, {"SSLMODE", "sslmode", false}};

enum { PREFIX_PART_COUNT = sizeof(prefix_parts) / sizeof(*prefix_parts) };

const char *const *url_prefix_names(const char *prefix, struct arena *arena)
{
	const size_t len = strlen(prefix);
	const char *joint = len && prefix[len - 1] == '_' ? "" : "_";
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < PREFIX_PART_COUNT; i++)
		*ARENA_PUSH(arena, names, count) =
		    arena_printf(arena, "%s%s%s", prefix, joint, prefix_parts[i].suffix);
	*ARENA_PUSH(arena, names, count) = NULL;
	return names;
}

bool url_from_prefix(const char *prefix, const char *origin, struct arena *arena, const char **out,
                     struct error *err)
{
	const char *const *names = url_prefix_names(prefix, arena);
	struct buffer text = {.arena = arena};
	struct buffer missing = {.arena = arena};
	bool is_any_set = false;

	for (size_t i = 0; i < PREFIX_PART_COUNT; i++) {
		const char *value = getenv(names[i]);

		is_any_set |= value != NULL;
		if (value && *value)
			add_keyword(&text, prefix_parts[i].keyword, value);
		else if (prefix_parts[i].is_required)
			buffer_printf(&missing, "%s%s", missing.len ? ", " : "", names[i]);
	}
	*out = text.len ? buffer_cstr(&text) : NULL;
	if (!is_any_set || !missing.len)
		return true;
	error_set(err, ERROR_CONFIG, "%s %s empty or not set", buffer_cstr(&missing),
	          strchr(buffer_cstr(&missing), ',') ? "are" : "is");
	return error_hint(
	    err, "env_prefix (%s) takes host, name and user from there, and nothing from PG* variables.", origin);
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

/* From PREFIX_*; NULL where a flag says otherwise, or none of them is set. */
static bool assemble(const struct settings *settings, struct arena *arena, const char **out,
                     struct error *err)
{
	const struct setting_value *prefix = &settings->values[SETTING_ENV_PREFIX];

	*out = NULL;
	return !prefix->text || is_by_flag(settings, SETTING_DATABASE_URL) ||
	       url_from_prefix(prefix->text, prefix->origin, arena, out, err);
}

/* A project that names its own variables is not sent elsewhere by those of libpq. */
static bool names_variables(const struct settings *settings)
{
	return setting_text(settings, SETTING_URL_ENV) || setting_text(settings, SETTING_ENV_PREFIX);
}

static bool is_blank(const char *text)
{
	return str_trim(str_of(text)).len == 0;
}

/*
 * The variable or the flag that should hold the URL and is there, but holds nothing, as a secret that a CI
 * system does not have; NULL for none. It was named on purpose, and not what libpq or rung.ini would have
 * instead.
 */
static const char *empty_source(const struct settings *settings)
{
	const char *url = setting_text(settings, SETTING_DATABASE_URL);
	const char *url_env = setting_text(settings, SETTING_URL_ENV);
	const char *name = url_env ? url_env : setting_rows[SETTING_DATABASE_URL].environment;
	const char *value = getenv(name);

	if (is_by_flag(settings, SETTING_DATABASE_URL))
		return is_blank(url) ? setting_rows[SETTING_DATABASE_URL].flag : NULL;
	return value && is_blank(value) && (url_env || !setting_text(settings, SETTING_ENV_PREFIX)) ? name : NULL;
}

bool settings_database(const struct settings *settings, struct arena *arena, const char **out,
                       struct error *err)
{
	const char *url = setting_text(settings, SETTING_DATABASE_URL);
	const char *assembled;

	if (!assemble(settings, arena, &assembled, err) || !check_setting(settings, SETTING_DIRECT_URL, err) ||
	    (!assembled && !check_setting(settings, SETTING_DATABASE_URL, err)))
		return false;
	if (assembled)
		*out = assembled;
	else if (empty_source(settings))
		*out = NULL;
	else if (url)
		*out = url_for_libpq(arena, url);
	else
		*out = environment_names_server() && !names_variables(settings) ? "" : NULL;
	return true;
}

/*
 * libpq fills what a connection string leaves out from the environment. What
 * env_prefix names is whole, except that the port has a default and the
 * password may lie in ~/.pgpass: PGPORT and PGPASSWORD are another server's.
 */
void url_forget_libpq(const struct settings *settings)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGPORT",    "PGDATABASE",
	                                    "PGUSER", "PGPASSWORD", "PGSERVICE", "PGSERVICEFILE"};
	scoped_arena struct arena arena = {0};
	struct error ignored;
	const char *assembled;

	if (!assemble(settings, &arena, &assembled, &ignored) || !assembled)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
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

	if (empty_source(settings)) {
		error_set(err, ERROR_CONFIG, "no database is named: %s is empty", empty_source(settings));
		error_detail(err, "It is where the database's URL is expected. A secret that a CI system does not "
		                  "have leaves it empty.");
		return error_hint(err, "Give it the URL. Without it, PG* variables or the URL in rung.ini are used.");
	}
	error_set(err, ERROR_CONFIG, "no database is named");
	if (url_env)
		error_detail(err, "The URL is expected in %s (url_env, %s), which is not set.", url_env,
		             settings->values[SETTING_URL_ENV].origin);
	else if (prefix)
		error_detail(err,
		             "It is expected in %s_HOST, _PORT, _NAME, _USER and _PASSWORD (env_prefix, %s); "
		             "none of them is set.",
		             prefix, settings->values[SETTING_ENV_PREFIX].origin);
	if (url_env || prefix)
		return error_hint(
		    err,
		    "Give --database-url URL, or set %s in the environment or in .env; PG* variables are not used. "
		    "\"rung local start\" starts a private server, \"rung local url\" prints its URL.",
		    url_env ? url_env : "these variables");
	return error_hint(
	    err,
	    "Give --database-url URL; set DATABASE_URL in the environment or in .env; write \"url = ...\" under "
	    "[database] in rung.ini; or set PGHOST, PGDATABASE or PGSERVICE as for psql. "
	    "\"rung local start\" starts a private server, \"rung local url\" prints its URL.");
}

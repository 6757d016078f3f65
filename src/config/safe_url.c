/*
 * What may be shown of a text that may hold a password.
 *
 * The other way round would be to look for the password and hide it; but
 * where it ends is just what a broken URL leaves open. So everything is
 * hidden except what has a place in the grammar where no password can be,
 * and a text that does not follow the grammar to its end is hidden whole.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/str.h"
#include "config/given_variable.h"
#include "config/settings.h"
#include "config/url.h"

#define HIDDEN "***"
#define ENCODED_NAME "@ "

enum { LARGEST_PORT = 65535 };

/* What values of a parameter look like; one that looks otherwise may be the end of a password. */
enum form {
	FORM_NAME,   /* a name or a path: anything plain */
	FORM_NUMBER, /* digits, commas between several */
	FORM_NUMERIC_ADDRESS,
	FORM_WORD, /* one of those libpq knows */
};

/* Parameters of libpq and of other clients whose values are no secret. "options" may hold any setting. */
static const struct {
	const char *name;
	enum form form;
} plain_parameters[] = {
    {"host", FORM_NAME},
    {"hostaddr", FORM_NUMERIC_ADDRESS},
    {"port", FORM_NUMBER},
    {"dbname", FORM_NAME},
    {"user", FORM_NAME},
    {"service", FORM_NAME},
    {"passfile", FORM_NAME},
    {"connect_timeout", FORM_NUMBER},
    {"client_encoding", FORM_NAME},
    {"application_name", FORM_NAME},
    {"fallback_application_name", FORM_NAME},
    {"keepalives", FORM_NUMBER},
    {"keepalives_idle", FORM_NUMBER},
    {"keepalives_interval", FORM_NUMBER},
    {"keepalives_count", FORM_NUMBER},
    {"tcp_user_timeout", FORM_NUMBER},
    {"gssencmode", FORM_WORD},
    {"sslmode", FORM_WORD},
    {"sslnegotiation", FORM_WORD},
    {"sslcompression", FORM_NUMBER},
    {"sslcert", FORM_NAME},
    {"sslkey", FORM_NAME},
    {"sslcertmode", FORM_WORD},
    {"sslrootcert", FORM_NAME},
    {"sslcrl", FORM_NAME},
    {"sslcrldir", FORM_NAME},
    {"sslsni", FORM_NUMBER},
    {"requirepeer", FORM_NAME},
    {"ssl_min_protocol_version", FORM_WORD},
    {"ssl_max_protocol_version", FORM_WORD},
    {"channel_binding", FORM_WORD},
    {"krbsrvname", FORM_NAME},
    {"target_session_attrs", FORM_WORD},
    {"load_balance_hosts", FORM_WORD},
    {"ssl", FORM_WORD},
    {"pgbouncer", FORM_WORD},
    {"connection_limit", FORM_NUMBER},
    {"pool_timeout", FORM_NUMBER},
};

static const char *const known_words[] = {
    "disable", "allow",      "prefer",    "require", "verify-ca",      "verify-full", "true",     "false",
    "any",     "read-write", "read-only", "primary", "standby",        "random",      "postgres", "direct",
    "TLSv1",   "TLSv1.1",    "TLSv1.2",   "TLSv1.3", "prefer-standby", NULL,
};

/* The name is known, the value is not for anybody. */
static const char *const secret_parameters[] = {
    "password",         "sslpassword",      "oauth_client_id", "oauth_client_secret",
    "scram_client_key", "scram_server_key", "options",         NULL,
};

static bool is_letter_or_digit(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || (unsigned char)c >= 0x80;
}

/* Letters, digits and those of `more`. */
static bool is_made_of(struct str text, const char *more)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_letter_or_digit(text.text[i]) && (!text.text[i] || !strchr(more, text.text[i])))
			return false;
	return true;
}

static int hex_digit(char c)
{
	const char folded = char_fold(c);

	if (char_is_digit(c))
		return c - '0';
	return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/* The character that "%40" at the head of `text` stands for; NUL for none, which libpq takes nowhere. */
static char encoded_character(struct str text)
{
	const int high = text.len > 2 ? hex_digit(text.text[1]) : -1;
	const int low = text.len > 2 ? hex_digit(text.text[2]) : -1;

	return high < 0 || low < 0 ? '\0' : (char)(high << 4 | low);
}

/*
 * The same, where "%40" stands for a character. Encoded may also be what roles and databases have in their
 * names, but not what is before a password: "u%3Asecret" is a user and a password in one.
 */
static bool is_encoded(struct str text, const char *more)
{
	for (size_t i = 0; i < text.len; i++) {
		const struct str rest = str_slice(text, i, text.len);
		const bool is_encoding = rest.text[0] == '%';
		const char c = is_encoding ? encoded_character(rest) : rest.text[0];

		if (!is_made_of((struct str){&c, 1}, more) && !(is_encoding && c && strchr(ENCODED_NAME, c)))
			return false;
		i += is_encoding ? 2 : 0;
	}
	return true;
}

static bool has_form(enum form form, struct str value)
{
	switch (form) {
	case FORM_NAME:
		return is_encoded(value, ".-_+~$/,");
	case FORM_NUMBER:
		return strspn(value.text, "0123456789,") >= value.len;
	case FORM_NUMERIC_ADDRESS:
		return strspn(value.text, "0123456789abcdefABCDEF.:,") >= value.len;
	case FORM_WORD:
		return str_is_among(value, known_words);
	}
	return false;
}

static bool is_plain_value(struct str name, struct str value)
{
	for (size_t i = 0; i < sizeof(plain_parameters) / sizeof(*plain_parameters); i++)
		if (str_is(name, plain_parameters[i].name))
			return has_form(plain_parameters[i].form, value);
	return false;
}

static bool is_known(struct str name)
{
	for (size_t i = 0; i < sizeof(plain_parameters) / sizeof(*plain_parameters); i++)
		if (str_is(name, plain_parameters[i].name))
			return true;
	return str_is_among(name, secret_parameters);
}

static bool is_port(struct str text)
{
	unsigned long long port;

	return text.len == 0 || str_to_number(text, LARGEST_PORT, &port);
}

/* "[::1]:5432", "db.example.org", "%2Frun%2Fpg:5433". */
static bool is_host(struct str host)
{
	const size_t bracket = str_starts(host, "[") ? str_index(host, ']') : 0;
	const struct str name = str_slice(host, bracket ? 1 : 0, bracket ? bracket : str_index(host, ':'));
	const struct str rest = str_slice(host, bracket ? bracket + 1 : name.len, host.len);

	if (bracket == host.len && host.len)
		return false;
	return is_encoded(name, bracket ? ".:-_" : ".-_/") &&
	       (rest.len == 0 || (rest.text[0] == ':' && is_port(str_slice(rest, 1, rest.len))));
}

static bool are_hosts(struct str hosts)
{
	struct str host;

	while (str_split_next(&hosts, ',', &host))
		if (!is_host(host))
			return false;
	return true;
}

/* "user:password@hosts"; false where it is not made like that. A user that may be both is hidden. */
static bool show_authority(struct buffer *out, struct str authority)
{
	const size_t at = str_index(authority, '@');
	const bool has_user = at < authority.len;
	const struct str before = str_slice(authority, 0, has_user ? at : 0);
	const struct str hosts = str_slice(authority, has_user ? at + 1 : 0, authority.len);
	const struct str user = str_slice(before, 0, str_index(before, ':'));

	if (memchr(hosts.text, '@', hosts.len) || !are_hosts(hosts) || !is_made_of(user, ".-_+~$%"))
		return false;
	if (is_encoded(user, ".-_+~$"))
		buffer_add(out, user);
	else
		buffer_text(out, HIDDEN);
	if (user.len < before.len)
		buffer_text(out, ":" HIDDEN);
	buffer_text(out, has_user ? "@" : "");
	buffer_add(out, hosts);
	return true;
}

/* What is where the name of a parameter is expected may be the end of a password. */
static bool show_query(struct buffer *out, struct str query)
{
	char separator = '?';
	struct str parameter;

	for (; str_split_next(&query, '&', &parameter); separator = '&') {
		const struct str name = str_slice(parameter, 0, str_index(parameter, '='));
		const struct str value = str_slice(parameter, name.len + 1, parameter.len);

		if (name.len == parameter.len)
			return false;
		if (is_plain_value(name, value))
			buffer_printf(out, "%c%.*s", separator, STR_ARGS(parameter));
		else if (is_known(name))
			buffer_printf(out, "%c%.*s=" HIDDEN, separator, STR_ARGS(name));
		else
			buffer_printf(out, "%c" HIDDEN, separator);
	}
	return true;
}

/* An '@' after the hosts is one that stood in a password. */
static char *show_uri(struct arena *arena, struct str url, size_t start)
{
	struct buffer out = {.arena = arena};
	const struct str rest = str_slice(url, start, url.len);
	const size_t slash = strcspn(rest.text, "/?");
	const size_t query = strcspn(rest.text, "?");
	const struct str path = str_slice(rest, slash, query);

	buffer_add(&out, str_slice(url, 0, start));
	if (!show_authority(&out, str_slice(rest, 0, slash)) ||
	    !is_encoded(str_slice(path, 1, path.len), ".-_+~$"))
		return NULL;
	buffer_add(&out, path);
	if (memchr(rest.text + slash, '@', rest.len - slash) ||
	    !show_query(&out, str_slice(rest, query + 1, rest.len)))
		return NULL;
	return buffer_cstr(&out);
}

static struct str without_quotes(struct str value)
{
	const bool is_quoted = value.len > 1 && value.text[0] == '\'' && str_ends(value, "'");

	return is_quoted ? str_slice(value, 1, value.len - 1) : value;
}

/* A dbname may be a whole connection string. */
static const char *shown_value(struct arena *arena, struct str name, struct str value)
{
	const struct str inner = without_quotes(value);

	if (inner.len == 0)
		return "";
	if (str_is(name, "dbname") && strstr(str_copy(arena, inner), "//"))
		return settings_safe_url(arena, str_copy(arena, inner));
	if (is_plain_value(name, inner))
		return str_copy(arena, value);
	return HIDDEN;
}

/* The next "keyword = 'value'" of `text`; what is no keyword may be the end of a password. */
static bool show_keyword(struct buffer *out, struct str *text)
{
	struct url_keyword word;

	if (!url_keyword_next(text, &word) || !is_known(word.name))
		return false;
	buffer_printf(out, "%s%.*s=%s", out->len ? " " : "", STR_ARGS(word.name),
	              shown_value(out->arena, word.name, word.value));
	return true;
}

static char *show_keywords(struct arena *arena, struct str text)
{
	struct buffer out = {.arena = arena};

	for (text = str_trim(text); text.len; text = str_trim(text))
		if (!show_keyword(&out, &text))
			return NULL;
	return out.len ? buffer_cstr(&out) : NULL;
}

char *settings_safe_url(struct arena *arena, const char *url)
{
	const struct str text = str_of(str_copy(arena, str_trim(str_of(url))));
	const size_t start = url_scheme_len(text);
	char *shown = NULL;

	if (is_made_of(text, ".-_+~$/,^<>!?*{}") && !strstr(text.text, "//"))
		shown = str_copy(arena, text);
	else if (start)
		shown = show_uri(arena, text, start);
	else if (strchr(text.text, '='))
		shown = show_keywords(arena, text);
	return shown ? shown : arena_strdup(arena, HIDDEN);
}

/* --- texts with words of all kinds in them, such as commands -------------- */

static bool names_a_secret(struct arena *arena, struct str name)
{
	static const char *const words[] = {"pass", "pwd",  "secret", "token",
	                                    "key",  "auth", "bearer", "credential"};
	const char *plain = str_copy(arena, name);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasestr(plain, words[i]))
			return true;
	return false;
}

/* The address of a store or a page holds no secret where it has no user and no query. */
static bool is_plain_address(struct arena *arena, struct str word)
{
	const char *text = str_copy(arena, word);
	const char *scheme = strstr(text, "://");
	const char *authority = scheme ? scheme + 3 : text;
	const size_t len = scheme ? strcspn(authority, "/") : 0;

	return !url_scheme_len(word) &&
	       is_made_of(str_slice(word, 0, (size_t)((scheme ? scheme : text) - text)), "+") &&
	       are_hosts((struct str){authority, len}) && is_made_of(str_of(authority + len), ".-_+~$/,");
}

/* "dbname='password=..." has its secret after the second sign. */
static size_t last_sign(struct str word)
{
	size_t end = word.len;

	while (end > 0 && word.text[end - 1] != '=' && word.text[end - 1] != ':')
		end--;
	return end ? end - 1 : 0;
}

static void add_safe_word(struct buffer *out, struct str word, bool is_secret)
{
	const size_t end = strcspn(str_copy(out->arena, word), "=:");
	const struct str name = str_slice(word, 0, end);
	const bool has_address = memmem(word.text, word.len, "//", 2) || memchr(word.text, '@', word.len);

	if (is_secret)
		buffer_text(out, HIDDEN);
	else if (end < word.len && names_a_secret(out->arena, str_slice(word, 0, last_sign(word))))
		buffer_printf(out, "%.*s%c" HIDDEN, STR_ARGS(name), word.text[end]);
	else if (!has_address || is_plain_address(out->arena, word))
		buffer_add(out, word);
	else
		buffer_text(out, url_scheme_len(word) ? settings_safe_url(out->arena, str_copy(out->arena, word))
		                                      : HIDDEN);
}

char *settings_safe_text(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(text);
	struct str word;
	bool is_secret = false;

	for (size_t i = 0; str_split_next(&rest, ' ', &word); i++) {
		if (i)
			buffer_char(&out, ' ');
		add_safe_word(&out, word, is_secret && word.len);
		if (word.len && !(is_secret && str_is(word, "=")))
			is_secret = strcspn(str_copy(arena, word), "=/") == word.len && names_a_secret(arena, word);
	}
	return buffer_cstr(&out);
}

/* "password=...", and "password = ..." as libpq takes it, too. */
static bool gives_password(const char *text)
{
	static const struct str word = STR("password");

	for (text = strcasestr(text, word.text); text; text = strcasestr(text, word.text)) {
		text += word.len;
		if (text[strspn(text, " \t\r\n\f\v")] == '=')
			return true;
	}
	return false;
}

bool settings_looks_like_url(const char *text)
{
	const struct str trimmed = str_trim(str_of(text));

	return url_scheme_len(trimmed) || (strstr(text, "//") && strchr(text, '@')) || gives_password(text);
}

const char *setting_shown(const struct settings *settings, enum setting setting, struct arena *arena)
{
	const char *text = setting_text(settings, setting);

	if (!text)
		return NULL;
	if (setting == SETTING_VARIABLES)
		return given_variables_shown(settings, arena);
	return setting_rows[setting].kind == SETTING_KIND_SECRET_URL ? settings_safe_url(arena, text)
	                                                             : settings_safe_text(arena, text);
}

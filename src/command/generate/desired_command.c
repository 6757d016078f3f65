/*
 * Programs are told of their database in many ways, and one that is told by another way than the one we
 * thought of would write into the database of .env. So all variables that the settings know to lead to a
 * database lead to this one, and of libpq's own those that would lead elsewhere are taken away.
 *
 * The URL is of the form that most clients read: a directory of sockets is the parameter "host". Where the
 * project's own names a driver ("postgresql+asyncpg://"), this one does, as the same program reads it.
 */
#include "command/generate/desired_command.h"

#include <string.h>

#include "base/buffer.h"
#include "base/child.h"
#include "config/url.h"
#include "pg/address.h"

/* --- where the database is --------------------------------------------------- */

struct destination {
	const char *host; /* NULL: libpq's own default; the same below */
	const char *port;
	const char *user;
	const char *password;
	const char *database;
};

static struct destination destination_of(const char *conninfo, struct arena *arena)
{
	return (struct destination){.host = address_setting(conninfo, "host", arena),
	                            .port = address_setting(conninfo, "port", arena),
	                            .user = address_setting(conninfo, "user", arena),
	                            .password = address_setting(conninfo, "password", arena),
	                            .database = address_setting(conninfo, "dbname", arena)};
}

static void add_encoded(struct buffer *url, const char *text)
{
	for (; *text; text++)
		if (char_is_digit(*text) || (char_fold(*text) >= 'a' && char_fold(*text) <= 'z') ||
		    strchr("-._~/", *text))
			buffer_char(url, *text);
		else
			buffer_printf(url, "%%%02X", (unsigned char)*text);
}

/* "postgresql", or with the driver that the project's own URL names. */
static struct str scheme_of(const struct settings *settings)
{
	const char *url = setting_text(settings, SETTING_DATABASE_URL);
	const struct str scheme = str_of(url ? url : "");
	const size_t len = url_scheme_len(scheme);

	return len && memchr(url, '+', len) ? str_slice(scheme, 0, str_index(scheme, ':')) : STR("postgresql");
}

static bool is_directory(const char *host)
{
	return !host || *host == '/' || *host == '@';
}

static void add_server(struct buffer *url, const struct destination *place)
{
	const bool is_bracketed = strchr(place->host, ':');

	buffer_text(url, is_bracketed ? "[" : "");
	buffer_text(url, place->host);
	buffer_text(url, is_bracketed ? "]" : "");
	if (place->port)
		buffer_printf(url, ":%s", place->port);
}

static void add_directory(struct buffer *url, const struct destination *place)
{
	if (place->host) {
		buffer_text(url, "?host=");
		add_encoded(url, place->host);
	}
	if (place->port)
		buffer_printf(url, "%sport=%s", place->host ? "&" : "?", place->port);
}

static const char *url_of(const struct destination *place, struct str scheme, struct arena *arena)
{
	struct buffer url = {.arena = arena};

	buffer_printf(&url, "%.*s://", STR_ARGS(scheme));
	add_encoded(&url, place->user ? place->user : "");
	if (place->password) {
		buffer_char(&url, ':');
		add_encoded(&url, place->password);
	}
	buffer_char(&url, '@');
	if (!is_directory(place->host))
		add_server(&url, place);
	buffer_char(&url, '/');
	add_encoded(&url, place->database ? place->database : "");
	if (is_directory(place->host))
		add_directory(&url, place);
	return buffer_cstr(&url);
}

/* --- its environment --------------------------------------------------------- */

struct variables {
	const char **items;
	size_t count;
	struct arena *arena;
};

/* Without a value it is taken away. */
static void add(struct variables *list, const char *name, const char *value)
{
	*ARENA_PUSH(list->arena, list->items, list->count) =
	    value ? arena_printf(list->arena, "%s=%s", name, value) : name;
}

/* In the order of url_prefix_names(). */
static void add_prefixed(struct variables *list, const char *prefix, const struct destination *place)
{
	const char *const values[] = {place->host, place->port, place->database, place->user, place->password};
	const char *const *names = url_prefix_names(prefix, list->arena);

	for (size_t i = 0; names[i]; i++)
		add(list, names[i], i < sizeof(values) / sizeof(*values) ? values[i] : NULL);
}

static void add_libpq(struct variables *list, const struct destination *place)
{
	add(list, "PGHOST", place->host);
	add(list, "PGPORT", place->port);
	add(list, "PGDATABASE", place->database);
	add(list, "PGUSER", place->user);
	add(list, "PGPASSWORD", place->password);
	add(list, "PGHOSTADDR", NULL);
	add(list, "PGSERVICE", NULL);
}

static const char *const *environment_of(const struct context *context, const struct destination *place,
                                         struct arena *arena)
{
	struct variables list = {.arena = arena};
	const char *url = url_of(place, scheme_of(context->settings), arena);
	const char *url_env = setting_text(context->settings, SETTING_URL_ENV);
	const char *prefix = setting_text(context->settings, SETTING_ENV_PREFIX);

	add(&list, "DATABASE_URL", url);
	add(&list, "DIRECT_URL", url);
	if (url_env)
		add(&list, url_env, url);
	if (prefix)
		add_prefixed(&list, prefix, place);
	add_libpq(&list, place);
	add(&list, "RUNG_COMMAND", context->command->name);
	add(&list, "RUNG_VERSION", RUNG_VERSION);
	add(&list, "RUNG_PROJECT_DIR", context->settings->project_dir);
	*ARENA_PUSH(arena, list.items, list.count) = NULL;
	return list.items;
}

/* --- what it says --------------------------------------------------------------- */

enum { LINES_TOLD = 20, BYTES_TOLD = 1500 };

/* The end of what was printed: more than is told, so that no line is cut that fits. */
struct tail {
	char text[2 * BYTES_TOLD];
	size_t len;
};

/* Of a program that prints without end no more is kept. */
static bool keep_tail(void *context, struct str bytes, struct error *err)
{
	struct tail *tail = context;

	(void)err;
	if (bytes.len > sizeof(tail->text))
		bytes = str_slice(bytes, bytes.len - sizeof(tail->text), bytes.len);
	if (tail->len + bytes.len > sizeof(tail->text)) {
		const size_t gone = tail->len + bytes.len - sizeof(tail->text);

		tail->len -= gone;
		memmove(tail->text, tail->text + gone, tail->len);
	}
	memcpy(tail->text + tail->len, bytes.text, bytes.len);
	tail->len += bytes.len;
	return true;
}

static struct str last_lines(struct str text)
{
	const size_t least = text.len > BYTES_TOLD ? text.len - BYTES_TOLD : 0;
	size_t at = text.len;

	for (size_t count = 0; at > least && (text.text[at - 1] != '\n' || ++count < LINES_TOLD);)
		at--;
	return str_slice(text, at, text.len);
}

/* A password that is known stands in no message, whatever is around it. */
static const char *without(const char *text, const char *password, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	if (!password || !*password)
		return text;
	for (const char *found; (found = strstr(text, password)); text = found + strlen(password))
		buffer_printf(&out, "%.*s***", (int)(found - text), text);
	buffer_text(&out, text);
	return buffer_cstr(&out);
}

static const char *safe_words(const struct context *context, struct str words,
                              const struct destination *place, struct arena *arena)
{
	const char *own = context->database ? address_setting(context->database, "password", arena) : NULL;
	struct str rest = last_lines(str_trim(words));
	struct buffer out = {.arena = arena};
	struct str line;

	while (str_split_next(&rest, '\n', &line))
		buffer_printf(
		    &out, "%s%s", out.len ? "\n" : "",
		    settings_safe_text(arena,
		                       without(without(str_copy(arena, line), place->password, arena), own, arena)));
	return out.len ? buffer_cstr(&out) : "It printed nothing.";
}

bool desired_command_run(struct context *context, const char *command, const char *conninfo,
                         struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct destination place = destination_of(conninfo, &arena);
	/* The order of what it prints in both ways is the one in which people read it. */
	const char *const argv[] = {"sh", "-c", arena_printf(&arena, "exec 2>&1\n%s", command), NULL};
	struct tail tail = {.len = 0};
	const struct child_options options = {.argv = argv,
	                                      .environment = environment_of(context, &place, &arena),
	                                      .directory = context->settings->project_dir,
	                                      .receive = keep_tail,
	                                      .context = &tail,
	                                      .stops_rest = true,
	                                      .dies_with_us = true};
	struct child_result result;

	event_debug(context->reporter, "running: %s", settings_safe_text(&arena, command));
	if (!child_run(&options, &arena, &result, err))
		return error_context(err, "while running %s", settings_safe_text(&arena, command));
	if (result.exit_code == 0)
		return true;
	error_set(err, ERROR_HOOK, "\"%s\" failed with exit code %d", settings_safe_text(&arena, command),
	          result.exit_code);
	return error_detail(err, "%s", safe_words(context, (struct str){tail.text, tail.len}, &place, &arena));
}

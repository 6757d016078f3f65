/*
 * The server and libpq repeat in their messages what they were given for names, and who sets
 * "user:password" as a user, or forgets an "@", has given them a password. Nobody can tell which part that
 * is. So a name that consists of characters a password would not need is shown, and any other is taken out
 * of the message, and so is each part of it that is long enough, wherever it stands there.
 *
 * Which hint fits is told by the SQLSTATE. For a connection that failed libpq gives it in the words alone,
 * and there only if it is asked to be verbose (connection_ahead.c): it is read, and left out of what is
 * shown, and so is the line that says where in the server's source the error lies. Poolers may answer with a
 * code of their own; those speak English.
 */
#include "pg/connect_failure_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/str.h"
#include "pg/verbose_words.h"

#define HIDDEN "***"

enum {
	SERVER_NAME_LEN = 63, /* where the server cuts a name off, and then repeats the rest */
	SHORTEST_PIECE = 4,   /* shorter ones are parts of any word */
};

/* --- names that may hold a secret ------------------------------------------ */

/* As safe_url.c shows names; what stands between a user and a password is none of these. */
static bool is_plain(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || (unsigned char)c >= 0x80 ||
	       strchr(".-_+~$@, ", c);
}

static bool is_plain_name(const char *name)
{
	while (*name && is_plain(*name))
		name++;
	return !*name;
}

static char *without(struct arena *arena, const char *words, const char *name, size_t len)
{
	struct buffer out = {.arena = arena};
	const char *found;

	while (len && (found = memmem(words, strlen(words), name, len))) {
		buffer_add(&out, (struct str){words, (size_t)(found - words)});
		buffer_text(&out, HIDDEN);
		words = found + len;
	}
	buffer_text(&out, words);
	return buffer_cstr(&out);
}

/* What stands between the signs of a name; the first of them is the user's, and not hidden for itself. */
static const char *without_pieces(struct arena *arena, const char *words, const char *name)
{
	for (name += strcspn(name, ":/?&=%#"); *name;) {
		name++;
		const size_t len = strcspn(name, ":/?&=%#@ ");

		if (len >= SHORTEST_PIECE)
			words = without(arena, words, name, len);
		name += strcspn(name, ":/?&=%#@ ");
	}
	return words;
}

static const char *without_name(struct arena *arena, const char *words, const char *name)
{
	const size_t len = name ? strlen(name) : 0;

	if (len == 0 || is_plain_name(name))
		return words;
	words = without(arena, words, name, len);
	if (len > SERVER_NAME_LEN)
		words = without(arena, words, name, SERVER_NAME_LEN);
	return without_pieces(arena, words, name);
}

/* --- what may be shown ------------------------------------------------------ */

static bool has_code(PGconn *conn, const char *sqlstate)
{
	return verbose_words_have(libpq.errorMessage(conn), sqlstate);
}

/* A path is how the directory of a socket is named; what stands in "options" and is none is anything. */
static const char *safe_words(PGconn *conn, struct arena *arena)
{
	const char *const names[] = {libpq.user(conn), libpq.db(conn), libpq.options(conn), libpq.host(conn)};
	const char *options = libpq.options(conn);
	const char *words =
	    str_copy(arena, str_trim(str_of(verbose_words_strip(libpq.errorMessage(conn), arena))));

	if (options && options[0] != '-')
		words = without(arena, words, options, strlen(options));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!names[i] || names[i][0] != '/')
			words = without_name(arena, words, names[i]);
	return words;
}

/* --- what to do about it ---------------------------------------------------- */

static bool lacks_database(PGconn *conn)
{
	return has_code(conn, "3D000");
}

/* The code is that of a broken database as well, which another function of the server finds. */
static bool is_closed(PGconn *conn)
{
	return has_code(conn, "55000") && strstr(libpq.errorMessage(conn), "CheckMyDatabase, ");
}

static bool refuses_password(PGconn *conn)
{
	return libpq.connectionUsedPassword(conn) &&
	       (has_code(conn, "28P01") || strstr(libpq.errorMessage(conn), "password authentication failed"));
}

bool connect_failure(PGconn *conn, struct error *err)
{
	scoped_arena struct arena arena = {0};

	error_set(err, ERROR_SERVER, "could not connect to the database");
	error_detail(err, "%s", safe_words(conn, &arena));
	if (lacks_database(conn))
		error_hint(err,
		           "\"rung setup\" creates the database and applies everything; or is its name wrong? \"rung "
		           "config\" shows where it came from.");
	else if (is_closed(conn))
		error_hint(
		    err,
		    "Somebody closed it, or a restore was killed while it changed names. To open it, from another "
		    "database: ALTER DATABASE \"%s\" WITH ALLOW_CONNECTIONS true",
		    libpq.db(conn));
	else if (refuses_password(conn))
		error_hint(err,
		           "Is the user right, and is the password? \"rung config\" shows where the URL came from; a "
		           "password that is not in it comes from PGPASSWORD or ~/.pgpass.");
	else if (libpq.connectionNeedsPassword(conn))
		error_hint(err, "Give the password in the URL, PGPASSWORD or ~/.pgpass.");
	else if (!libpq.connectionUsedPassword(conn))
		error_hint(err,
		           "Is the server running, and is the URL right? \"rung config\" shows where it came from.");
	return false;
}

/*
 * Whatever a connection string holds, reading it ends; what is refused and
 * what is shown of it do not repeat its password; what comes out is read again
 * as the same. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config/settings.h"
#include "config/url.h"
#include "pg/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECRET "Tr0ub4dor"

static void refute_secret(const char *text)
{
	assert(!text || !strstr(text, SECRET));
}

static void refute_secret_in(const struct error *err)
{
	refute_secret(err->message);
	refute_secret(err->detail);
	refute_secret(err->hint);
}

/* A URL of the usual form, around what is given for its parts: the password is shown by nothing. */
static void check_secret(const char *text, struct arena *arena)
{
	const char *url = arena_printf(arena, "postgresql://user:" SECRET "@%s", text);
	const char *database, *address, *password;
	struct error err = {0};

	refute_secret(settings_safe_url(arena, url));
	if (!url_check(url, "DATABASE_URL", &err) ||
	    !address_database(url_for_libpq(arena, url), arena, &database, &err) ||
	    !address_for_program(url_for_libpq(arena, url), arena, &address, &password, &err))
		refute_secret_in(&err);
	else
		refute_secret(address);
}

static void check_address(const char *url, struct arena *arena)
{
	const char *address, *again, *password, *host, *direct;
	struct error err = {0};

	address_is_pooled(url, arena, &host, &direct);
	if (!address_with_database(url, "other", arena, &address, &err)) {
		assert(err.message[0]);
		return;
	}
	assert(address_database(address, arena, &again, &err) && strcmp(again, "other") == 0);
	if (address_for_program(address, arena, &address, &password, &err))
		assert(address_database(address, arena, &again, &err) && strcmp(again, "other") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	const char *text = str_copy(&arena, (struct str){(const char *)data, strnlen((const char *)data, size)});
	struct error err = {0};

	/* Neither files of the one who runs this nor his environment. */
	setenv("PGPASSFILE", "/dev/null", 1);
	setenv("PGSERVICEFILE", "/dev/null", 1);
	setenv("PGSYSCONFDIR", "/dev/null", 1);
	settings_safe_url(&arena, text);
	const char *url = url_for_libpq(&arena, text);
	assert(strcmp(url_for_libpq(&arena, url), url) == 0);
	if (url_check(text, "DATABASE_URL", &err))
		check_address(url, &arena);
	if (!strstr(text, SECRET))
		check_secret(text, &arena);
	return 0;
}

#include "store/store_curl.h"

#include <stddef.h>

static struct curl_library table;
static const char *const functions[] = {CURL_FUNCTIONS(LIBRARY_NAME) NULL};

static struct library library = {
    .name = "libcurl",
    .files = {LIBRARY_FILE("libcurl", "4"), LIBRARY_FILE("libcurl-gnutls", "4")},
    .hint = "Install it (libcurl4 on Debian), or keep backups in a directory.",
    .functions = functions,
    .table = &table,
};

bool curl_load(const struct curl_library **out, struct error *err)
{
	const bool is_started = library.is_loaded;

	if (!library_load(&library, err))
		return false;
	if (!is_started && table.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		library.is_loaded = false;
		return error_set(err, ERROR_STORAGE, "could not start libcurl");
	}
	*out = &table;
	return true;
}

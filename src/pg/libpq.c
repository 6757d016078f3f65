#include "pg/libpq.h"

#include <stddef.h>

struct libpq_library libpq;

static const char *const functions[] = {LIBPQ_FUNCTIONS(LIBRARY_NAME) NULL};

static struct library library = {
    .name = "libpq",
    .files = {LIBPQ_FILE},
    .hint = "Install PostgreSQL's client library (libpq5 on Debian): rung speaks to servers through it.",
    .functions = functions,
    .table = &libpq,
    .is_as_linked = true,
};

bool libpq_load(struct error *err)
{
	return library_load(&library, err);
}

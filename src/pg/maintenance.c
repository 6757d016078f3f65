#include "pg/maintenance.h"

#include "pg/address.h"

/* As createdb and dropdb try them: template1 last, as nobody can copy it while a session is in it. */
static const char *const databases[] = {"postgres", "template1"};

bool maintenance_open(const struct session_options *options, struct arena *arena, struct session **out,
                      struct error *err)
{
	struct session_options beside = *options;

	beside.role = NULL;
	for (size_t i = 0; i < sizeof(databases) / sizeof(*databases); i++) {
		if (!address_with_database(options->conninfo, databases[i], arena, &beside.conninfo, err))
			return false;
		if (session_open(&beside, out, err))
			return true;
		/* Another database is no help against anything else, such as being asked to stop. */
		if (err->kind != ERROR_SERVER)
			return false;
	}
	return false;
}

/*
 * schema_export.h - a schema as the SQL that leads to it from an empty database
 */
#ifndef RUNG_COMMAND_GENERATE_SCHEMA_EXPORT_H
#define RUNG_COMMAND_GENERATE_SCHEMA_EXPORT_H

#include "command/generate/catalog_filter.h"
#include "command/generate/change_pair.h"

struct schema_export_options {
	const char *from;       /* a side; NULL: live */
	const char *server_url; /* as libpq has it; NULL: a scratch server of our own */
	struct catalog_filter_options chosen;
	bool is_proved;
};

struct schema_export {
	struct side_room room;
	struct side empty;
	struct side what;
	struct catalog_filter filter;
	struct change_pair pair; /* `up` is it */
};

/* Everything lies on the context's arena. `out` is to be closed on every way out. */
MUST_USE bool schema_export_make(struct context *context, const struct schema_export_options *options,
                                 struct schema_export *out, struct error *err);
void schema_export_close(struct schema_export *schema_export);
#define scoped_schema_export SCOPED(schema_export_close)

/*
 * Writes the schema of the configured database where the setting schema_dump says, if it says so; not proved,
 * and what has no SQL is warned of.
 */
MUST_USE bool schema_dump_write(struct context *context, struct error *err);

#endif

#include "command/database/fingerprint_parts.h"

#include "catalog/fingerprint.h"
#include "report/display.h"

bool fingerprint_parts_read(const struct context *context, const char *flag, int *out, struct error *err)
{
	const char *value = option_value(context, flag);
	struct str rest = value ? str_of(value) : (struct str){0};
	struct str name;

	while (str_split_next(&rest, ',', &name)) {
		const enum fingerprint_part part = fingerprint_part_find(str_trim(name));

		if (!part) {
			error_set(err, ERROR_USAGE, "unknown word \"%s\" in %s",
			          display_line(context->arena, str_copy(context->arena, name)), flag);
			return error_hint(err, "There are owner, acl, comment, label, tablespace and column-order.");
		}
		*out |= (int)part;
	}
	return true;
}

bool fingerprint_parts_choose(const struct context *context, int *out, struct error *err)
{
	int ignored = 0;
	int with = 0;

	if (!fingerprint_parts_read(context, "--ignore", &ignored, err) ||
	    !fingerprint_parts_read(context, "--with", &with, err))
		return false;
	*out = (PARTS_USUAL | with) & ~ignored;
	return true;
}

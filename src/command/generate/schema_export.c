#include "command/generate/schema_export.h"

#include "base/file.h"
#include "command/generate/side_choice.h"

void schema_export_close(struct schema_export *schema_export)
{
	side_close(&schema_export->empty);
	side_close(&schema_export->what);
	side_room_close(&schema_export->room);
	catalog_filter_close(&schema_export->filter);
}

static bool open_sides(struct context *context, const struct schema_export_options *options,
                       struct schema_export *out, struct error *err)
{
	struct side_name empty;
	struct side_name what;

	out->room = (struct side_room){.context = context, .server_url = options->server_url};
	return side_name_parse("empty", context->settings, context->arena, &empty, err) &&
	       side_name_parse(options->from ? options->from : "live", context->settings, context->arena, &what,
	                       err) &&
	       sides_open(&out->room, &empty, &what, &out->empty, &out->what, err);
}

bool schema_export_make(struct context *context, const struct schema_export_options *options,
                        struct schema_export *out, struct error *err)
{
	const struct change_pair_options pair = {.room = &out->room,
	                                         .from = &out->empty,
	                                         .to = &out->what,
	                                         .filter = &out->filter,
	                                         .parts = PARTS_USUAL,
	                                         .is_one_way = true,
	                                         .is_proved = options->is_proved};
	const struct side_choice choice = {
	    .context = context, .filter = &out->filter, .from = &out->empty, .to = &out->what};

	return catalog_filter_open(&options->chosen, context->arena, &out->filter, err) &&
	       open_sides(context, options, out, err) && sides_choose(&choice, err) &&
	       change_pair_make(&pair, &out->pair, err);
}

bool schema_dump_write(struct context *context, struct error *err)
{
	const char *path = setting_text(context->settings, SETTING_SCHEMA_DUMP);
	const struct schema_export_options options = {0};
	scoped_schema_export struct schema_export schema_export = {0};

	return !path ||
	       (schema_export_make(context, &options, &schema_export, err) &&
	        file_write(path, str_of(change_script_whole(&schema_export.pair.up, context->arena)), 0644, err));
}

#include <assert.h>
#include <string.h>

#include "command/line/arguments.h"

const struct option_row general_options[] = {
    {"--directory", 'C', "DIR", "start in DIR instead of the working directory"},
    {"--help", 'h', NULL, "show help, or the help of a command"},
    {"--version", 'V', NULL, "show versions"},
    {0},
};

bool option_takes_value(const struct option_row *row)
{
	return row->value_name && row->value_name[0] != '[';
}

const char *option_value(const struct context *context, const char *flag)
{
	const struct option_row *options = context->command->options;

	for (size_t i = 0; options && options[i].flag; i++)
		if (strcmp(options[i].flag, flag) == 0)
			return context->option_values[i];
	assert(false && "an option the verb does not declare");
	return NULL;
}

bool option_is_offered(const struct context *context, const char *flag)
{
	const struct option_row *options = context->command->options;

	for (size_t i = 0; options && options[i].flag; i++)
		if (strcmp(options[i].flag, flag) == 0)
			return true;
	return false;
}

bool option_is_given(const struct context *context, const char *flag)
{
	return option_value(context, flag) != NULL;
}

/*
 * setting_file.h - rung.ini, written by rung because somebody asked
 */
#ifndef RUNG_COMMAND_PROJECT_SETTING_FILE_H
#define RUNG_COMMAND_PROJECT_SETTING_FILE_H

#include "command/command.h"

/*
 * Writes one value into the project's rung.ini, which is made where there is
 * none, and says so. What would not be a value of that setting is refused.
 */
MUST_USE bool setting_file_write(const struct context *context, enum setting setting, const char *value,
                                 struct error *err);

/* Takes the setting's lines out of it, so that its default counts again; none being there is no error. */
MUST_USE bool setting_file_remove(const struct context *context, enum setting setting, struct error *err);

#endif

/*
 * import_detect.h - whose project is this?
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_DETECT_H
#define RUNG_COMMAND_IMPORT_IMPORT_DETECT_H

#include "base/arena.h"

/*
 * The tool whose files lie in `directory`, as "rung import" takes it; NULL for
 * none. By the files that only this tool has: its configuration, or the way it
 * names migrations.
 */
const char *import_detect(const char *directory, struct arena *arena);

#endif

/*
 * side_text.h - whether a side of a comparison is a path
 *
 * What sides there are is told in command/generate/side_name.h. Settings need
 * to know only that a path is relative to the file that says it.
 */
#ifndef RUNG_CONFIG_SIDE_TEXT_H
#define RUNG_CONFIG_SIDE_TEXT_H

#include <stdbool.h>

bool side_text_is_path(const char *text);

#endif

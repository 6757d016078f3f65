/*
 * excerpt.h - the source line an error points at, with a caret below
 *
 * The caret's column counts characters; on the terminal it is under that
 * character however wide those before it are. Tabs are opened, control
 * characters made harmless, long lines shown around the caret.
 */
#ifndef RUNG_REPORT_EXCERPT_H
#define RUNG_REPORT_EXCERPT_H

#include "base/buffer.h"
#include "report/reporter.h"

void excerpt_add(struct buffer *out, struct reporter *reporter, const struct error *err);

#endif

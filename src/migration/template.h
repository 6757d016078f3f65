/*
 * template.h - what a new pair of files begins with
 *
 * Enough to know what is expected of it, and skeletons of statements that may
 * run twice. A file that nobody wrote anything into is known again, so that
 * it is not applied by mistake: history would call it applied, and the
 * statements written into it later would never run.
 */
#ifndef RUNG_MIGRATION_TEMPLATE_H
#define RUNG_MIGRATION_TEMPLATE_H

#include "base/str.h"

/* Words in braces are filled in (command/project/new_pair.h). */
extern const char template_up[];
extern const char template_down[];
/* Of a pair whose statements are known: nothing but what it is. */
extern const char template_known_up[];
extern const char template_known_down[];

/* Whether a file without a statement still holds the advice of its template. */
bool template_is_untouched(struct str text);

#endif

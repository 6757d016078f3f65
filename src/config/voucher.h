/*
 * voucher.h - whose files of a project are run
 *
 * trust.h looks at the project before its settings are obeyed; this looks at
 * each file that is read as SQL or data: it, the links that lead to it and the
 * directories from the project down to it, by the same rules. So a file that a
 * stranger owns is not run though the directory is ours, and neither is what
 * somebody puts into a directory of theirs after it was found empty. A plain
 * file is looked at where it is open already, so what is vouched for is what is
 * read. Links are looked at by name, and nobody can exchange those before they
 * are opened: anyone who could may write to a directory that is refused.
 */
#ifndef RUNG_CONFIG_VOUCHER_H
#define RUNG_CONFIG_VOUCHER_H

#include "config/settings.h"

/* Fills in who vouches for files; what lies in directories that the caller names is the caller's business. */
void voucher_attach(const struct settings *settings, struct arena *arena, struct boundary *boundary);

#endif

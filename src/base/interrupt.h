/*
 * interrupt.h - being asked to stop
 *
 * Ctrl-C, TERM and HUP only leave a mark; anyone who waits looks at it, cancels
 * what it waits for and unwinds as from any error. A second Ctrl-C within the
 * same wait changes nothing: the database still has to be told.
 */
#ifndef RUNG_BASE_INTERRUPT_H
#define RUNG_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

/* Installs the handlers; SIGPIPE and SIGXFSZ are ignored as well. Called once by main. */
void interrupt_install(void);

bool interrupt_requested(void);

/* Readable from the moment we were asked to stop; -1 before interrupt_install(). */
int interrupt_fd(void);

/* Fills `err` with "cancelled" and returns false when we were asked to stop. */
MUST_USE bool interrupt_check(struct error *err);

#endif

/*
 * thread.h - a thread beside the one that hears signals
 */
#ifndef RUNG_BASE_THREAD_H
#define RUNG_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "base/attribute.h"

/* It takes no signals: those are for the thread that waits for them. False when the system has none left. */
MUST_USE bool thread_start(pthread_t *out, void *(*run)(void *context), void *context);

#endif

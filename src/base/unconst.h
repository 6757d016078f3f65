/*
 * unconst.h - a pointer without its const
 *
 * The one place where const is taken from a pointer: for interfaces that only read and do not say so
 * (execvp, putenv, madvise, libpq's PQcmdTuples), and for the owner who fills or frees what others
 * see as const. -Wcast-qual finds every other place.
 */
#ifndef RUNG_BASE_UNCONST_H
#define RUNG_BASE_UNCONST_H

#include <stdint.h>

static inline void *unconst(const void *pointer)
{
	return (void *)(uintptr_t)pointer;
}

#endif

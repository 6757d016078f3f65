/*
 * scope.h - resources that are released on every way out of a block
 *
 * A module that hands out something to release defines a word beside its
 * release function:
 *
 *	#define scoped_rows SCOPED(rows_clear)
 *	scoped_rows struct rows *rows = NULL;
 *
 * The release function takes a pointer to the variable and accepts a
 * half-built or empty one. Handing over to the caller is visible: TAKE(rows).
 */
#ifndef RUNG_BASE_SCOPE_H
#define RUNG_BASE_SCOPE_H

#include <stdio.h>

#define SCOPED(release) __attribute__((cleanup(release)))

/* Moves a pointer out of its scope: yields the value and leaves NULL behind. */
#define TAKE(pointer)                           \
	({                                          \
		__typeof__(pointer) taken_ = (pointer); \
		(pointer) = NULL;                       \
		taken_;                                 \
	})

void fd_clear(int *fd);
#define scoped_fd SCOPED(fd_clear)

void stream_clear(FILE **stream);
#define scoped_stream SCOPED(stream_clear)

/* For what a foreign library allocated with malloc. */
void malloced_clear(void *pointer_to_pointer);
#define scoped_malloced SCOPED(malloced_clear)

#endif

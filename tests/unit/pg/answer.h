/*
 * answer.h - answers as a server gives them, without one
 */
#ifndef RUNG_TEST_ANSWER_H
#define RUNG_TEST_ANSWER_H

#include "pg/query.h"

/* `count` rows of `width` texts, row by row; NULL is null. To be cleared as any rows. */
struct rows *answer_of(const char *const *texts, size_t count, int width);

#endif

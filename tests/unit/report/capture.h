/*
 * capture.h - what a reporter writes, caught
 *
 * Both streams go into one file between capture_begin() and capture_end(), in
 * the order they were written.
 */
#ifndef RUNG_TEST_CAPTURE_H
#define RUNG_TEST_CAPTURE_H

#include "base/arena.h"
#include "report/report.h"

struct capture {
	struct arena arena;
	int saved[2];
	int fd;
};

void capture_begin(struct capture *capture);

/* The text, valid until capture_clear(). */
char *capture_end(struct capture *capture);
void capture_clear(struct capture *capture);

/* A reporter that looks as on a UTF-8 terminal without colours. */
struct reporter *reporter_for_test(const struct reporter_options *options);

#endif

/*
 * test.h - unit tests that read like a sentence, on cmocka
 *
 *	TEST(split_keeps_function_bodies_whole)
 *	{
 *		CHECK(s.count == 2);
 *		CHECK_STR(s.statements[1].text, "select 2");
 *	}
 *
 * A test registers itself. The runner takes parts of names as arguments and
 * then runs only the tests that contain one of them.
 */
#ifndef RUNG_TEST_H
#define RUNG_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above first. */
#include <cmocka.h>

void test_register(const char *name, void (*run)(void **state));

#define TEST(name)                                                      \
	static void test_##name(void **state);                              \
	__attribute__((constructor)) static void test_register_##name(void) \
	{                                                                   \
		test_register(#name, test_##name);                              \
	}                                                                   \
	static void test_##name(void **state __attribute__((unused)))

#define CHECK(claim) assert_true(claim)
#define CHECK_STR(actual, expected) assert_string_equal((actual), (expected))
#define CHECK_INT(actual, expected) assert_int_equal((actual), (expected))

/* For rows of a matrix: says which row it was. */
#define CHECK_ROW(row, claim)                               \
	do {                                                    \
		if (!(claim))                                       \
			fail_msg("row %zu: %s", (size_t)(row), #claim); \
	} while (0)

#endif

#include "config/env.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static const char *value_of(const struct env *env, const char *name)
{
	for (size_t i = 0; i < env->count; i++)
		if (strcmp(env->pairs[i].name, name) == 0)
			return env->pairs[i].value;
	return NULL;
}

TEST(env_reads_what_people_write)
{
	static const struct {
		const char *text;
		const char *value; /* of A; NULL: not set */
	} rows[] = {
	    {"A=b", "b"},
	    {"A=b\r\n", "b"},
	    {"\xEF\xBB\xBF"
	     "A=b",
	     "b"},
	    {"  A = b  \n", "b"},
	    {"export A=b", "b"},
	    {"export\tA=b", "b"},
	    {"export=b\nA=c", "c"},
	    {"A=", ""},
	    {"A= # nothing", ""},
	    {"A=b # comment", "b"},
	    {"A=b#c", "b#c"},
	    {"# A=b", NULL},
	    {"A", NULL},
	    {"export A", NULL},
	    {"A # passed on", NULL},
	    {"A=b c", "b c"},
	    {"A=b=c==", "b=c=="},
	    {"A='b # c' # comment", "b # c"},
	    {"A='b\\n$HOME'", "b\\n$HOME"},
	    {"A=\"b\\n\\\"c\\\"\\\\\"", "b\n\"c\"\\"},
	    {"A=\"\\d\"", "\\d"},
	    {"A=\"b\nc\"", "b\nc"},
	    {"A=$HOME/${X}`id`$(id)", "$HOME/${X}`id`$(id)"},
	    {"A=b\nA=c", "c"},
	    {"A=p@ss:w/rd?&%41", "p@ss:w/rd?&%41"},
	    {"A=\xE2\x82\xAC", "\xE2\x82\xAC"},
	    {"", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct error err = {0};
		struct env env = {0};

		CHECK_ROW(i, env_parse(str_of(rows[i].text), ".env", &arena, &env, &err));
		const char *value = value_of(&env, "A");
		CHECK_ROW(i, !value == !rows[i].value && (!value || strcmp(value, rows[i].value) == 0));
	}
}

TEST(env_names_the_line_it_cannot_read)
{
	static const struct {
		const char *text;
		const char *place;
	} rows[] = {
	    {"A=b\nthis is prose\n", ".env:2"},
	    {"=b", ".env:1"},
	    {"A='b\nc\n", ".env:1"},
	    {"A=1\nB=\"x\ny\" z\n", ".env:3"},
	    {"A=\"b\nc\"\nif true", ".env:3"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct error err = {0};
		struct env env = {0};

		CHECK_ROW(i, !env_parse(str_of(rows[i].text), ".env", &arena, &env, &err));
		CHECK_STR(err.place, rows[i].place);
		CHECK_ROW(i, err.kind == ERROR_CONFIG);
	}
}

TEST(env_never_overrides_the_real_environment)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	struct env env;

	setenv("RUNG_TEST_HELD", "real", 1);
	unsetenv("RUNG_TEST_FREE");
	CHECK(env_parse(STR("RUNG_TEST_HELD=file\nRUNG_TEST_FREE=file\n"), ".env", &arena, &env, &err));
	env_export(&env, (const char *const[]){"RUNG_TEST_*", NULL});
	CHECK_STR(getenv("RUNG_TEST_HELD"), "real");
	CHECK_STR(getenv("RUNG_TEST_FREE"), "file");
	CHECK(!env_has(&env, "RUNG_TEST_HELD"));
	CHECK(env_has(&env, "RUNG_TEST_FREE"));
	unsetenv("RUNG_TEST_HELD");
	unsetenv("RUNG_TEST_FREE");
}

/*
 * Whatever a .env holds, reading it ends, and names and values are texts
 * without what ends them. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "config/env.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	struct env env = {0};
	struct error err = {0};

	if (!env_parse((struct str){(const char *)data, size}, ".env", &arena, &env, &err)) {
		assert(err.kind != ERROR_NONE && err.message[0]);
		return 0;
	}
	for (size_t i = 0; i < env.count; i++) {
		assert(env.pairs[i].name[0] && !strpbrk(env.pairs[i].name, "=\n"));
		assert(strlen(env.pairs[i].value) <= size);
	}
	return 0;
}

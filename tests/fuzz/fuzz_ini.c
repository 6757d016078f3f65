/*
 * Whatever rung.ini holds, reading it ends, and says in which line a value or
 * a fault is. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "config/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	struct ini ini = {0};
	struct error err = {0};

	if (!ini_read((struct str){(const char *)data, size}, "rung.ini", &arena, &ini, &err)) {
		assert(err.kind != ERROR_NONE && err.message[0]);
		return 0;
	}
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (ini.values[i].text)
			assert(ini.values[i].line > 0 && strlen(ini.values[i].text) <= size);
	return 0;
}

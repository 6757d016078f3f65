/*
 * Gives files to a fuzzer, one after another, without libFuzzer: what is in
 * seeds/ is held against every build this way. Built by make check-fuzz.
 *
 *	fuzz_NAME FILE...
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		size_t size = 0, room = 0;
		uint8_t *data = NULL;

		if (!file)
			err(2, "%s", argv[i]);
		do {
			room += 65536;
			data = realloc(data, room);
			if (!data)
				err(2, "%s", argv[i]);
			size += fread(data + size, 1, room - size, file);
		} while (size == room);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}

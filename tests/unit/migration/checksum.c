#include "migration/checksum.h"

#include <string.h>

#include "base/digest.h"
#include "test.h"

TEST(checksums_agree_across_line_ends_and_byte_order_marks)
{
	scoped_arena struct arena arena = {0};
	const char *plain = digest_hex(&arena, STR("select 1;\nselect 2;\n"));

	CHECK_STR(checksum_of_text(&arena, STR("select 1;\nselect 2;\n")), plain);
	CHECK_STR(checksum_of_text(&arena, STR("select 1;\r\nselect 2;\r\n")), plain);
	CHECK_STR(checksum_of_text(&arena, STR("\xEF\xBB\xBFselect 1;\r\nselect 2;\n")), plain);
	CHECK(strcmp(checksum_of_text(&arena, STR("select 1; \nselect 2;\n")), plain) != 0);
}

TEST(the_checksum_of_nothing_is_that_of_sha256)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(checksum_of_text(&arena, STR("")),
	          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	CHECK_STR(checksum_of_text(&arena, STR("\r\r\r")), checksum_of_text(&arena, STR("")));
}

/* Three bytes a character and a block of 2^20: the cut falls inside one. */
TEST(large_files_are_digested_by_blocks_without_cutting_characters)
{
	scoped_arena struct arena arena = {0};
	const size_t count = 1000000;
	char *text = arena_alloc(&arena, 3 * count + 1);
	size_t bad = 7;

	for (size_t i = 0; i < count; i++)
		memcpy(text + 3 * i, "\xE2\x82\xAC", 3);
	struct file_text file = {.text = {text, 3 * count}};
	CHECK_STR(checksum_file(&arena, &file, &bad), digest_hex(&arena, file.text));

	text[2500001] = 'x';
	CHECK(checksum_file(&arena, &file, &bad) == NULL);
	CHECK_INT(bad, 2499999);
}

#include "backup/metadata_frame.h"

#include <string.h>

#include "test.h"

TEST(frames_keep_what_is_put_in)
{
	scoped_arena struct arena arena = {0};
	struct kind_summary kinds[] = {{"columns", 12, "ab"}, {"views", 1, "cd"}};
	const char *tablespaces[] = {"fast disk"};
	const struct database_summary summary = {
	    .database =
	        {.name = "app", .encoding = "UTF8", .connection_limit = 7, .tablespace = "fast disk", .size = 99},
	    .catalog = {.server = 15, .kinds = kinds, .kind_count = 2},
	    .tablespaces = tablespaces,
	    .tablespace_count = 1,
	};
	struct database_summary read = {0};
	struct error err = {0};

	CHECK(metadata_frame_read(metadata_frame_write(&summary, &arena), &arena, &read, &err));
	CHECK_INT(read.database.connection_limit, 7);
	CHECK_INT(read.database.size, 99);
	CHECK_STR(read.database.tablespace, "fast disk");
	CHECK_INT(read.catalog.server, 15);
	CHECK_INT(read.catalog.kind_count, 2);
	CHECK_STR(read.catalog.kinds[1].name, "views");
	CHECK_INT(read.catalog.kinds[0].count, 12);
	CHECK_STR(read.tablespaces[0], "fast disk");
}

TEST(frames_of_before_limit_nothing_and_know_no_fingerprint)
{
	scoped_arena struct arena arena = {0};
	struct database_summary read = {0};
	struct error err = {0};

	CHECK(metadata_frame_read(
	    str_of("{\"format\": \"rung-facts/1\", \"database\": {\"name\": \"a\", \"encoding\": \"UTF8\"}, "
	           "\"tables\": []}"),
	    &arena, &read, &err));
	CHECK_INT(read.database.connection_limit, -1);
	CHECK_INT(read.catalog.server, 0);
	CHECK(!metadata_frame_read(
	    str_of("{\"format\": \"rung-facts/2\", \"database\": {\"name\": \"a\", \"encoding\": \"UTF8\"}, "
	           "\"tables\": []}"),
	    &arena, &read, &err));
}

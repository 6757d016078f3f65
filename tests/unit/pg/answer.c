#include "pg/answer.h"

#include <string.h>

#include "base/unconst.h"
#include "pg/libpq.h"
#include "test.h"

struct rows *answer_of(const char *const *texts, size_t count, int width)
{
	enum { MOST_COLUMNS = 32 };
	PGresAttDesc columns[MOST_COLUMNS] = {{0}};
	struct error err = {0};
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

	CHECK(libpq_load(&err)); /* who made it is not who reads it */
	assert_in_range(width, 1, MOST_COLUMNS);
	for (int i = 0; i < width; i++)
		columns[i].name = (char[]){"c"};
	CHECK(PQsetResultAttrs(result, width, columns));
	for (size_t i = 0; i < count * (size_t)width; i++)
		CHECK(PQsetvalue(result, (int)i / width, (int)i % width, unconst(texts[i]),
		                 texts[i] ? (int)strlen(texts[i]) : -1));
	return (struct rows *)result;
}

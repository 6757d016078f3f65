#include "base/clock.h"

#include "test.h"

TEST(moments_are_shown_to_the_second)
{
	static const struct {
		const char *moment;
		const char *shown;
	} rows[] = {
	    {"2026-11-20T23:15:00.123456+00:00", "2026-11-20 23:15:00+00"},
	    {"2026-11-20T23:15:00+05:30", "2026-11-20 23:15:00+05:30"},
	    {"2026-11-20T23:15:00-03:00", "2026-11-20 23:15:00-03"},
	    {"2026-11-20T23:15:00Z", "2026-11-20 23:15:00Z"},
	    {"1850-01-01T00:00:00-00:01:15", "1850-01-01 00:00:00-00:01:15"},
	    {"12026-11-20T23:15:00+00:00", "12026-11-20 23:15:00+00"},
	    {"0044-03-15T12:00:00+00:00 BC", "0044-03-15 12:00:00+00:00 BC"},
	    {"infinity", "infinity"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(moment_shown(rows[i].moment, &arena), rows[i].shown);
	CHECK(!moment_shown(NULL, &arena));
}

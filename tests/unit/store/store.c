/* What every kind of store refuses alike. */
#include "store/store.h"

#include <string.h>

#include "test.h"

TEST(a_url_that_is_nearly_one_is_no_directory)
{
	static const struct {
		const char *url;
		bool is_mistyped;
	} rows[] = {
	    {"backups", false},
	    {"./s3:", false},
	    {"/srv/s3:/x", false},
	    {"s3", false},
	    {"s3-backups/x", false},
	    {"s3://b", false},
	    {"S3://b", false},
	    {"https://host/x", false},
	    {"s3:/b", true},
	    {"s3:b", true},
	    {"S3/b", true},
	    {"https:/host/x", true},
	    {"http:host", true},
	    {"file:/x", true},
	    {"file/x", true},
	    {"~/backups", true},
	    {"~", true},
	    {"files/x", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, store_is_mistyped(rows[i].url) == rows[i].is_mistyped);
}

static bool is_refused(struct store *store, const char *name)
{
	struct sink *sink = NULL;
	struct error err = {0};

	/* A long name cuts the end of the message off. */
	return !store_put(store, name, &sink, &err) && str_starts(str_of(err.message), "cannot use \"");
}

/* Names come out of manifests as well: none may lead out of the store, or hide. */
TEST(names_that_lead_out_of_a_store_are_refused_before_it_is_asked)
{
	static const char *const names[] = {"",   "/x",   "x/",   "a//b",  "../x", "a/../b",
	                                    ".x", "a/.b", "a\nb", "a\x7f", "./x",  "a/."};
	struct store_options options = {.url = "/nowhere/rung-unit"};
	struct store *store = NULL;
	struct error err = {0};
	char longest[1002];

	CHECK(store_open(&options, &store, &err));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		CHECK_ROW(i, is_refused(store, names[i]));
	memset(longest, 'x', sizeof(longest));
	longest[201] = '\0';
	CHECK(is_refused(store, longest));
	longest[201] = 'x';
	for (size_t i = 100; i < sizeof(longest) - 2; i += 100)
		longest[i] = '/';
	longest[1000] = 'x';
	longest[1001] = '\0';
	CHECK(is_refused(store, longest));
	store_close(&store);
}

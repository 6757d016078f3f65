/* The worked examples are those the provider publishes in its documentation. */
#include "store/sigv4.h"

#include <string.h>

#include "base/digest.h"
#include "test.h"

static const struct sigv4_key key = {
    .access_key = "AKIAIOSFODNN7EXAMPLE",
    .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    .region = "us-east-1",
};

enum { NOON_NEVER = 1369353600 }; /* 2013-05-24T00:00:00Z */

#define EXAMPLE_HOST "examplebucket.s3.amazonaws.com"

static const struct {
	const char *method, *path;
	struct http_header query[3];
	struct http_header headers[4];
	const char *body;
	const char *canonical;
	const char *signature;
} examples[] = {
    {
        "GET",
        "/test.txt",
        {{0}},
        {{"host", EXAMPLE_HOST}, {"range", "bytes=0-9"}},
        "",
        "GET\n/test.txt\n\n"
        "host:" EXAMPLE_HOST "\nrange:bytes=0-9\n"
        "x-amz-content-sha256:" SIGV4_EMPTY_SHA256 "\nx-amz-date:20130524T000000Z\n\n"
        "host;range;x-amz-content-sha256;x-amz-date\n" SIGV4_EMPTY_SHA256,
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    {
        "PUT",
        "/test%24file.text",
        {{0}},
        {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
         {"host", EXAMPLE_HOST},
         {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
        "Welcome to Amazon S3.",
        "PUT\n/test%24file.text\n\n"
        "date:Fri, 24 May 2013 00:00:00 GMT\nhost:" EXAMPLE_HOST "\n"
        "x-amz-content-sha256:44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\n"
        "x-amz-date:20130524T000000Z\nx-amz-storage-class:REDUCED_REDUNDANCY\n\n"
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class\n"
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    {
        "GET",
        "/",
        {{"lifecycle", ""}},
        {{"host", EXAMPLE_HOST}},
        "",
        "GET\n/\nlifecycle=\n"
        "host:" EXAMPLE_HOST "\n"
        "x-amz-content-sha256:" SIGV4_EMPTY_SHA256 "\nx-amz-date:20130524T000000Z\n\n"
        "host;x-amz-content-sha256;x-amz-date\n" SIGV4_EMPTY_SHA256,
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    {
        "GET",
        "/",
        {{"prefix", "J"}, {"max-keys", "2"}},
        {{"host", EXAMPLE_HOST}},
        "",
        "GET\n/\nmax-keys=2&prefix=J\n"
        "host:" EXAMPLE_HOST "\n"
        "x-amz-content-sha256:" SIGV4_EMPTY_SHA256 "\nx-amz-date:20130524T000000Z\n\n"
        "host;x-amz-content-sha256;x-amz-date\n" SIGV4_EMPTY_SHA256,
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
};

static struct http_header_list list_of(const struct http_header *fields, struct arena *arena)
{
	struct http_header_list list = {0};

	for (; fields->name; fields++)
		http_header_add(&list, arena, fields->name, fields->value);
	return list;
}

TEST(sigv4_meets_the_published_examples)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct http_header_list query = list_of(examples[i].query, &arena);
		struct sigv4_request request = {
		    .method = examples[i].method,
		    .path = examples[i].path,
		    .query = uri_query(&arena, &query),
		    .payload_sha256 = digest_hex(&arena, str_of(examples[i].body)),
		    .headers = list_of(examples[i].headers, &arena),
		};

		sigv4_sign(&request, &key, NOON_NEVER, &arena);
		const char *authorization = http_header_find(&request.headers, "Authorization");
		request.headers.count--; /* what was signed came before it */
		CHECK_STR(sigv4_canonical(&request, &arena), examples[i].canonical);
		CHECK_STR(strstr(authorization, "Signature=") + strlen("Signature="), examples[i].signature);
		CHECK(strstr(authorization, "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
		                            "aws4_request,SignedHeaders=") == authorization);
	}
}

TEST(sigv4_signs_the_token_of_temporary_credentials)
{
	scoped_arena struct arena arena = {0};
	const struct http_header host[] = {{"host", EXAMPLE_HOST}, {0}};
	struct sigv4_key temporary = key;
	struct sigv4_request request = {
	    .method = "GET",
	    .path = "/",
	    .query = "",
	    .payload_sha256 = SIGV4_EMPTY_SHA256,
	    .headers = list_of(host, &arena),
	};

	temporary.session_token = "a/token==";
	sigv4_sign(&request, &temporary, NOON_NEVER, &arena);
	CHECK_STR(http_header_find(&request.headers, "x-amz-security-token"), "a/token==");
	CHECK(strstr(http_header_find(&request.headers, "authorization"), "x-amz-date;x-amz-security-token,"));
}

TEST(sigv4_values_are_trimmed_and_their_spaces_folded)
{
	scoped_arena struct arena arena = {0};
	const struct http_header headers[] = {{"host", "h"}, {"x-amz-meta-a", "  one   two "}, {0}};
	const struct sigv4_request request = {.method = "GET",
	                                      .path = "/",
	                                      .query = "",
	                                      .payload_sha256 = "x",
	                                      .headers = list_of(headers, &arena)};

	CHECK_STR(sigv4_canonical(&request, &arena),
	          "GET\n/\n\nhost:h\nx-amz-meta-a:one two\n\nhost;x-amz-meta-a\nx");
}

/* Where an object of a bucket is: host and path as they are signed and sent. */
#include "store/bucket_target.h"

#include "test.h"

TEST(place_of_an_object_depends_on_bucket_region_and_endpoint)
{
	static const struct {
		const char *bucket, *prefix, *region, *endpoint, *name; /* endpoint NULL: the provider's own */
		const char *url, *host, *path;
	} rows[] = {
	    {"b1", "", "us-east-1", NULL, "x.age", "https://b1.s3.us-east-1.amazonaws.com/x.age",
	     "b1.s3.us-east-1.amazonaws.com", "/x.age"},
	    {"b1", "", "eu-west-1", NULL, NULL, "https://b1.s3.eu-west-1.amazonaws.com/",
	     "b1.s3.eu-west-1.amazonaws.com", "/"},
	    {"b1", "", "cn-north-1", NULL, "x", "https://b1.s3.cn-north-1.amazonaws.com.cn/x",
	     "b1.s3.cn-north-1.amazonaws.com.cn", "/x"},
	    /* a certificate for *.s3... does not fit a name with dots */
	    {"b.1", "", "us-east-1", NULL, "x", "https://s3.us-east-1.amazonaws.com/b.1/x",
	     "s3.us-east-1.amazonaws.com", "/b.1/x"},
	    {"b1", "app/", "any", "http://127.0.0.1:9000", "x", "http://127.0.0.1:9000/b1/app/x",
	     "127.0.0.1:9000", "/b1/app/x"},
	    /* the port that goes without saying is not sent, so it is not signed */
	    {"b1", "", "any", "https://s3.example:443", "x", "https://s3.example:443/b1/x", "s3.example",
	     "/b1/x"},
	    {"b1", "", "any", "http://s3.example:80", "x", "http://s3.example:80/b1/x", "s3.example", "/b1/x"},
	    {"b1", "", "any", "http://s3.example:443", "x", "http://s3.example:443/b1/x", "s3.example:443",
	     "/b1/x"},
	    {"b1", "", "any", "https://s3.example/store", "x", "https://s3.example/store/b1/x", "s3.example",
	     "/store/b1/x"},
	    {"b1", "", "us-east-1", NULL, "a b+c/d", "https://b1.s3.us-east-1.amazonaws.com/a%20b%2Bc/d",
	     "b1.s3.us-east-1.amazonaws.com", "/a%20b%2Bc/d"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct bucket bucket = {.name = rows[i].bucket,
		                              .prefix = rows[i].prefix,
		                              .endpoint = rows[i].endpoint,
		                              .key = {.region = rows[i].region}};
		const struct bucket_target target = bucket_target_find(&bucket, rows[i].name, &arena);

		CHECK_STR(target.url, rows[i].url);
		CHECK_STR(target.host, rows[i].host);
		CHECK_STR(target.path, rows[i].path);
	}
}

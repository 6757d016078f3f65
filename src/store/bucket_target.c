/*
 * Host and path are signed, so they are made once, here, and sent as they were signed: what libcurl would
 * make of a URL by itself (a port left out, a path tidied) has to be the same already. The path is encoded
 * once; S3 is the one service of its provider whose signature does not want it encoded twice.
 */
#include "store/bucket_target.h"

#include <string.h>

/*
 * Names with dots do not fit the provider's certificates as host names, and
 * servers of one's own rarely have a host name for each bucket: both put the
 * bucket into the path.
 */
static const char *base_url(const struct bucket *bucket, struct arena *arena)
{
	const char *end = str_starts(str_of(bucket->key.region), "cn-") ? ".cn" : "";

	if (bucket->endpoint)
		return arena_printf(arena, "%s/%s", bucket->endpoint, bucket->name);
	if (strchr(bucket->name, '.'))
		return arena_printf(arena, "https://s3.%s.amazonaws.com%s/%s", bucket->key.region, end, bucket->name);
	return arena_printf(arena, "https://%s.s3.%s.amazonaws.com%s", bucket->name, bucket->key.region, end);
}

/* The host as curl would name it: without the port that goes without saying. */
static const char *host_of(const char *url, struct str authority, struct arena *arena)
{
	const char *usual = str_starts_folded(str_of(url), "https://") ? ":443" : ":80";

	if (str_ends(authority, usual))
		authority.len -= strlen(usual);
	return str_copy(arena, authority);
}

struct bucket_target bucket_target_find(const struct bucket *bucket, const char *name, struct arena *arena)
{
	const char *base = base_url(bucket, arena);
	const char *authority = strstr(base, "://") + 3;
	const size_t host_len = strcspn(authority, "/");
	const char *key = name ? arena_printf(arena, "%s%s", bucket->prefix, name) : "";
	const char *path =
	    arena_printf(arena, "%s/%s", authority + host_len, uri_encode(arena, str_of(key), URI_KEEP_SLASH));

	return (struct bucket_target){
	    .url = arena_printf(arena, "%.*s%s", (int)(authority + host_len - base), base, path),
	    .host = host_of(base, (struct str){authority, host_len}, arena),
	    .path = path,
	};
}

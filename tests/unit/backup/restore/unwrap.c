#include "backup/restore/unwrap.h"

#include <string.h>

#include "backup/forge.h"
#include "crypto/armor.h"
#include "stream/zstd.h"

enum { CONTENT_SIZE = 100005 };

/* "PGDMP" and a hundred thousand letters, by stock gzip. */
static const char gzipped[] =
    "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\xFF\xED\xC1\x41\x09\x00\x00\x08\x04\xB0\x72\x82\x2F\xE1\x2A"
    "\xD8\xBF\x84\x35\x7C\x6C\x4B\xD7\x64\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\xB7\x0E\x3A\x11\x74\xCA\xA5\x86\x01\x00";

static bool open_core(void *context, enum core core, struct sink **out, struct error *err)
{
	(void)err;
	(void)core;
	*out = memory_open(context, 1 << 24);
	return true;
}

static bool unwrap(struct unwrap_options options, struct str file, struct buffer *out, struct error *err)
{
	options.open = open_core;
	options.context = out;
	scoped_sink struct sink *sink = unwrap_open(&options);

	return sink_write(sink, file, err) && sink_finish(sink, err);
}

static struct str content(struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_text(&text, "PGDMP");
	while (text.len < CONTENT_SIZE)
		buffer_char(&text, 'a');
	return buffer_str(&text);
}

static struct str compressed(struct str data, struct arena *arena)
{
	static const struct str no_tail;
	struct buffer out = {.arena = arena};
	struct error err;
	scoped_sink struct sink *sink = NULL;

	CHECK(zstd_compress(&no_tail, memory_open(&out, 1 << 24), &sink, &err));
	CHECK(sink_write(sink, data, &err) && sink_finish(sink, &err));
	return buffer_str(&out);
}

TEST(what_layers_hold_is_not_larger_than_the_manifest_says)
{
	scoped_arena struct arena arena = {0};
	const struct str plain = content(&arena);
	const struct str zstd = compressed(plain, &arena);
	const struct str files[] = {plain,
	                            zstd,
	                            compressed(zstd, &arena),
	                            {gzipped, sizeof(gzipped) - 1},
	                            compressed((struct str){gzipped, sizeof(gzipped) - 1}, &arena)};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		for (int is_enough = 0; is_enough <= 1; is_enough++) {
			struct buffer out = {.arena = &arena};
			struct error err = {0};
			const struct unwrap_options options = {.most_size = CONTENT_SIZE - !is_enough};

			if (unwrap(options, files[i], &out, &err) != (is_enough == 1))
				fail_msg("row %zu, %d: %s", i, is_enough, err.message);
			CHECK_ROW(i, !is_enough || str_equal(buffer_str(&out), plain));
			if (!is_enough && !strstr(err.message, "should"))
				fail_msg("row %zu: %s", i, err.message);
		}
}

static struct str armored(struct str file, size_t before, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < before; i++)
		buffer_char(&text, " \r\t\n"[i % 4]);
	buffer_add(&text, file);
	return buffer_str(&text);
}

/* By stock age 1.1.1 for FORGE_RECIPIENT. */
static const char armored_file[] = "-----BEGIN AGE ENCRYPTED FILE-----\n"
                                   "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBlcW9CSWlzcjA0RzlzL3Zn\n"
                                   "UGVKc2I4cVc0OEFTSjk5bmlNN1VqbVl2Q253ClJyamdEOWpBRy9aOXFBcnlPTlln\n"
                                   "YWxIcERRRmtBY0JLSjVaVWNJTmZCL28KLT4gWDI1NTE5IHF5cEZlbngyQ0FOSFM3\n"
                                   "czhUTHZkWlVxcnNSZ0JvTlFxZllNR3Fjb25tRlkKdE9xZVJjT1dTVDJmNTArQWlL\n"
                                   "M0l4T2xZZWZxd0k5dVhOcFdMSVpTeGVDUQotLS0gajFNUTFQait5SmtuaVNORW8r\n"
                                   "eDlVcXNISDBzdjdGeHNsVS9TYm9LT2pYSQpAGhbJQ+VAiq1MyuxxJJJFwALhon8q\n"
                                   "p64TEB6e9UnrG7Po1XJKOYeNADEUp22ZxsEtKndvsT2pnHL4PN8=\n"
                                   "-----END AGE ENCRYPTED FILE-----\n";

TEST(an_armored_file_is_known_after_white_space_as_age_knows_it)
{
	static const size_t spaces[] = {0, 4, 64, 1020, 1024, 1028};
	scoped_arena struct arena arena = {0};
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY "\n");

	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		struct buffer out = {.arena = &arena};
		struct error err = {0};
		const struct unwrap_options options = {
		    .secrets = {.identities = identities}, .is_sealed = true, .may_be_script = true};
		const struct str file = armored(str_of(armored_file), spaces[i], &arena);

		if (unwrap(options, file, &out, &err) != (spaces[i] <= ARMOR_MOST_OUTSIDE))
			fail_msg("row %zu: %s", i, err.message);
		CHECK_ROW(i, spaces[i] > ARMOR_MOST_OUTSIDE ||
		                 str_is(buffer_str(&out), "the ladder goes up and down\n"));
	}
}

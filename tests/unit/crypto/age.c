#include "crypto/age.h"

#include <stdlib.h>
#include <string.h>

#include "backup/forge.h"

static const char content[] = "the ladder goes up and down\n";

/* --- strangers' files ---------------------------------------------------- */

/* Written by age 1.1.1 for FORGE_RECIPIENT and a second one. */
static const char strangers_file[] = "-----BEGIN AGE ENCRYPTED FILE-----\n"
                                     "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBlcW9CSWlzcjA0RzlzL3Zn\n"
                                     "UGVKc2I4cVc0OEFTSjk5bmlNN1VqbVl2Q253ClJyamdEOWpBRy9aOXFBcnlPTlln\n"
                                     "YWxIcERRRmtBY0JLSjVaVWNJTmZCL28KLT4gWDI1NTE5IHF5cEZlbngyQ0FOSFM3\n"
                                     "czhUTHZkWlVxcnNSZ0JvTlFxZllNR3Fjb25tRlkKdE9xZVJjT1dTVDJmNTArQWlL\n"
                                     "M0l4T2xZZWZxd0k5dVhOcFdMSVpTeGVDUQotLS0gajFNUTFQait5SmtuaVNORW8r\n"
                                     "eDlVcXNISDBzdjdGeHNsVS9TYm9LT2pYSQpAGhbJQ+VAiq1MyuxxJJJFwALhon8q\n"
                                     "p64TEB6e9UnrG7Po1XJKOYeNADEUp22ZxsEtKndvsT2pnHL4PN8=\n"
                                     "-----END AGE ENCRYPTED FILE-----\n";

/* The same with FORGE_PASSPHRASE, work factor 18. */
static const char strangers_passphrase_file[] =
    "-----BEGIN AGE ENCRYPTED FILE-----\n"
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBJZ0VLN3crM0pUTXFHOTJU\n"
    "VWFqbjVnIDE4CjcwYUUwck8xYUl0MEV1aFZrZFVJR1Uxd3kxQnF1SEVzazU0TTR4\n"
    "M2hzb1UKLS0tIFlFN3p1b2pqcVdteHJOcnlMcVJYSEw3MzZsUTVrREtucWpqaGE2\n"
    "Vmd6ekkK+XPgaj7cS9djvlSZY4zUkXNNAtm810kPH7Ju62wAUqzDf+QvqtqKyIKX\n"
    "e+sTz1CKBgEsNPWUCC6FpRBp\n"
    "-----END AGE ENCRYPTED FILE-----\n";

static const char strangers_identity[] =
    "# created: 2026-11-21T02:52:41Z\n"
    "# public key: age17tf9rpl27d3w3zw6ej80eumglstgqa92k0p54cfuepgvm4qkuq0qy7sx29\n"
    "AGE-SECRET-KEY-1HMP95J3QX87857ZQTJURH4HJE3TAGUZX53WKP4E74RTS679QH5QQ06YY3X\n";

TEST(a_file_of_stock_age_is_read)
{
	scoped_arena struct arena arena = {0};
	const struct reading reading = read_forged(str_of(strangers_file), &arena);

	CHECK(reading.is_good && str_is(reading.released, content));
}

TEST(a_file_of_stock_age_is_read_by_its_other_recipient_among_other_keys)
{
	scoped_arena struct arena arena = {0};
	const char *keys = arena_printf(
	    &arena, "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n\n%s",
	    strangers_identity);
	scoped_identities struct identity_list *identities = identities_of(keys);
	struct reading reading;

	CHECK(identities->count == 2);
	reading = read_pieces(&(struct age_secrets){.identities = identities}, str_of(strangers_file), 7, &arena);
	CHECK(reading.is_good && str_is(reading.released, content));
}

TEST(a_file_of_stock_age_is_read_with_its_passphrase)
{
	scoped_arena struct arena arena = {0};
	const struct reading reading = read_with_passphrase(str_of(strangers_passphrase_file), 0, &arena);

	CHECK(reading.is_good && str_is(reading.released, content));
}

TEST(a_file_by_the_letter_of_the_specification_is_read)
{
	scoped_arena struct arena arena = {0};
	const struct str file = forge_file(&arena, arena_printf(&arena, "-> %s", forge_x25519(&arena)));
	const struct reading reading = read_forged(file, &arena);

	CHECK(reading.is_good && str_is(reading.released, "xxx"));
}

/* --- ours ---------------------------------------------------------------- */

static struct str letters(size_t len, struct arena *arena)
{
	char *text = arena_alloc(arena, len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + (i ^ i >> 8 ^ i >> 16) % 26);
	return (struct str){text, len};
}

TEST(what_is_encrypted_decrypts_at_every_size_and_in_every_piece)
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 1000001};
	static const size_t pieces[] = {1, 1000, 65536, 65552, 65553, 3000000};
	static const char *const recipients[] = {FORGE_RECIPIENT, NULL};
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t j = 0; j < sizeof(pieces) / sizeof(*pieces); j++) {
			scoped_arena struct arena arena = {0};
			const struct str plain = letters(sizes[i], &arena);
			const struct str file = sealed_for(recipients, NULL, plain, &arena);
			const struct reading reading =
			    read_pieces(&(struct age_secrets){.identities = identities}, file, pieces[j], &arena);

			CHECK_ROW(i, reading.is_good && str_equal(reading.released, plain));
		}
}

TEST(a_passphrase_seals_and_opens)
{
	scoped_arena struct arena arena = {0};
	scoped_passphrase struct passphrase *passphrase = passphrase_text(FORGE_PASSPHRASE "\nnot this line\n");
	const struct str file = sealed_for(NULL, passphrase, str_of(content), &arena);
	const struct reading reading = read_with_passphrase(file, 0, &arena);

	CHECK(strstr(file.text, "\n-> scrypt ") && strstr(file.text, " 18\n"));
	CHECK(reading.is_good && str_is(reading.released, content));
}

TEST(no_two_files_are_alike)
{
	static const char *const recipients[] = {FORGE_RECIPIENT, NULL};
	scoped_arena struct arena arena = {0};
	const struct str one = sealed_for(recipients, NULL, str_of(content), &arena);
	const struct str other = sealed_for(recipients, NULL, str_of(content), &arena);

	CHECK(one.len == other.len && !str_equal(one, other));
}

TEST(sealing_wants_recipients_or_a_passphrase)
{
	scoped_arena struct arena arena = {0};
	scoped_passphrase struct passphrase *passphrase = passphrase_text(FORGE_PASSPHRASE);
	struct buffer file = {.arena = &arena};
	struct recipient_list many = {0};
	struct sink *sink = NULL;
	struct error err = {0};

	CHECK(!age_seal(&many, NULL, memory_open(&file, 1000), &sink, &err));
	CHECK_STR(err.message, "cannot encrypt: there is neither a recipient nor a passphrase");
	CHECK(recipient_parse(FORGE_RECIPIENT, &arena, ARENA_PUSH(&arena, many.items, many.count), &err));
	CHECK(!age_seal(&many, passphrase, memory_open(&file, 1000), &sink, &err));
	CHECK_STR(err.message, "cannot encrypt for recipients and with a passphrase at once");
	while (many.count < 65)
		*ARENA_PUSH(&arena, many.items, many.count) = many.items[0];
	CHECK(!age_seal(&many, NULL, memory_open(&file, 100000), &sink, &err));
	CHECK_STR(err.message, "cannot encrypt for more than 64 recipients");
	CHECK(!sink && file.len == 0);
}

TEST(opening_wants_a_key)
{
	scoped_arena struct arena arena = {0};
	struct buffer plain = {.arena = &arena};
	struct sink *sink = NULL;
	struct error err = {0};

	CHECK(!age_open(&(struct age_secrets){0}, memory_open(&plain, 10), &sink, &err) && !sink);
	CHECK_STR(err.message, "cannot decrypt: there is neither an identity nor a passphrase");
}

/* --- stanzas ------------------------------------------------------------- */

static const char none_of_one[] = "the file is encrypted for 1 recipient, and the given key is none of them";
static const char bad_x25519[] = "the file's header is damaged: a recipient is malformed";
static const char low_order[] = "the file's header is damaged: a recipient's share is a point of low order";
static const char bad_scrypt[] = "the file's header is damaged: its passphrase part is malformed";
static const char mixed[] = "the file's header is damaged: a passphrase is combined with other recipients";

/* "{x}" becomes a good X25519 stanza, "{share}" and "{body}" its parts, "{s}" a good scrypt one, "{salt}" its
 * salt. */
static const char *fill(const char *pattern, struct arena *arena)
{
	const struct {
		const char *name;
		const char *text;
	} parts[] = {
	    {"{x}", arena_printf(arena, "-> %s", forge_x25519(arena))},
	    {"{share}", forge_share_text(arena)},
	    {"{body}", forge_body_text(arena)},
	    {"{s}", arena_printf(arena, "-> %s", forge_scrypt(arena, forge_salt(), "4"))},
	    {"{salt}", forge_salt()},
	};
	struct buffer text = {.arena = arena};

	while (*pattern) {
		size_t i = 0;

		while (i < sizeof(parts) / sizeof(*parts) &&
		       strncmp(pattern, parts[i].name, strlen(parts[i].name)) != 0)
			i++;
		if (i < sizeof(parts) / sizeof(*parts)) {
			buffer_text(&text, parts[i].text);
			pattern += strlen(parts[i].name);
		} else {
			buffer_char(&text, *pattern++);
		}
	}
	return buffer_cstr(&text);
}

TEST(x25519_stanzas_are_held_to_the_specification)
{
	static const struct {
		const char *stanzas;
		const char *refusal; /* NULL: opens */
	} rows[] = {
	    {"{x}", NULL},
	    {"-> unknown a b\nAAAA\n{x}", NULL},
	    {"{x}-> unknown\n\n", NULL},
	    {"-> Xq-grease ?\n\n{x}-> 9-grease\nAA\n", NULL},
	    {"-> ssh-ed25519 AAAA BBBB\nAAAA\n{x}", NULL},
	    {"-> X25519 AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n{x}", NULL}, /* another one before */
	    {"-> x25519 {share}\n{body}\n", none_of_one},
	    {"-> unknown\n\n", none_of_one},
	    {"-> unknown\n\n-> a-grease\n\n-> other\n\n",
	     "the file is encrypted for 2 recipients, and the given key is none of them"},
	    {"-> X25519 AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n", none_of_one},
	    {"-> X25519\n{body}\n", bad_x25519},
	    {"-> X25519 {share} x\n{body}\n", bad_x25519},
	    {"-> X25519 {share}A\n{body}\n", bad_x25519},
	    {"-> X25519 {share}=\n{body}\n", bad_x25519},
	    {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n", bad_x25519},   /* 31 bytes */
	    {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n", bad_x25519}, /* 33 bytes */
	    {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n{body}\n", bad_x25519},  /* not canonical */
	    {"-> X25519 {share}\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", bad_x25519},  /* 31 bytes */
	    {"-> X25519 {share}\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", bad_x25519},
	    {"-> X25519 {share}\n\n", bad_x25519},
	    {"{x}-> X25519 {share}\nAAAA\n", bad_x25519}, /* also after one that fits */
	    {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n", low_order},
	    {"-> X25519 AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{body}\n", low_order},
	    {"-> X25519 4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA\n{body}\n", low_order},    /* of order 8 */
	    {"-> X25519 7P///////////////////////////////////////38\n{body}\n", low_order},    /* p - 1 */
	    {"-> X25519 {share}\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", none_of_one}, /* wrong tag */
	    {"{x}{s}", mixed},
	    {"{s}", "the file is encrypted with a passphrase, not for the given key"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct reading reading = read_forged(forge_file(&arena, fill(rows[i].stanzas, &arena)), &arena);

		CHECK_ROW(i, reading.is_good == !rows[i].refusal);
		CHECK_ROW(i, !rows[i].refusal || strcmp(reading.err.message, rows[i].refusal) == 0);
		CHECK_ROW(i, reading.is_good || reading.released.len == 0);
	}
}

TEST(scrypt_stanzas_are_held_to_the_specification)
{
	static const char wrong[] = "the passphrase is wrong";
	static const char key_file[] = "the file is encrypted for 1 recipient, not with a passphrase";
	static const char too_much[] =
	    "the file's passphrase asks for a work factor of %s, at most 20 is allowed";
	static const struct {
		const char *stanzas;
		const char *refusal;
		const char *factor;
	} rows[] = {
	    {"{s}", NULL, NULL},
	    {"{x}", key_file, NULL},
	    {"-> SCRYPT {salt} 4\n{body}\n", key_file, NULL}, /* another type */
	    {"{s}{x}", mixed, NULL},
	    {"{s}{s}", mixed, NULL},
	    {"{s}-> a-grease\n\n", mixed, NULL},
	    {"-> scrypt {salt} 3\n{body}\n", wrong, NULL},
	    {"-> scrypt {salt}\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 4 5\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt 4\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt AAAAAAAAAAAAAAAAAAAA 4\n{body}\n", bad_scrypt, NULL},    /* 15 bytes */
	    {"-> scrypt AAAAAAAAAAAAAAAAAAAAAAA 4\n{body}\n", bad_scrypt, NULL}, /* 17 bytes */
	    {"-> scrypt AAAAAAAAAAAAAAAAAAAAAB 4\n{body}\n", bad_scrypt, NULL},  /* not canonical */
	    {"-> scrypt {salt} 4\nAAAA\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 4\n{body}AAAA\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 0\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 04\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} +4\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} -4\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 0x4\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 4a\n{body}\n", bad_scrypt, NULL},
	    {"-> scrypt {salt} 21\n{body}\n", too_much, "21"},
	    {"-> scrypt {salt} 23\n{body}\n", too_much, "23"},
	    {"-> scrypt {salt} 18446744073709551620\n{body}\n", too_much,
	     "1000000"}, /* 4, had it wrapped around */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct str file = forge_file(&arena, fill(rows[i].stanzas, &arena));
		const struct reading reading = read_with_passphrase(file, 0, &arena);

		CHECK_ROW(i, reading.is_good == !rows[i].refusal);
		CHECK_ROW(i, !rows[i].refusal || rows[i].factor || strcmp(reading.err.message, rows[i].refusal) == 0);
		CHECK_ROW(i, !rows[i].factor ||
		                 strstr(reading.err.message, arena_printf(&arena, "of %s,", rows[i].factor)));
		CHECK_ROW(i, reading.is_good || reading.released.len == 0);
	}
}

TEST(more_work_is_accepted_only_when_allowed_and_never_beyond_22)
{
	static const struct {
		int factor;
		int most;
		const char *refusal;
	} rows[] = {
	    {4, 3, "the file's passphrase asks for a work factor of 4, at most 3 is allowed"},
	    {4, 4, NULL},
	    {23, 30, "the file's passphrase asks for a work factor of 23, at most 22 is allowed"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *factor = arena_printf(&arena, "%d", rows[i].factor);
		const char *stanza = arena_printf(&arena, "-> %s", forge_scrypt(&arena, forge_salt(), factor));
		const struct reading reading = read_with_passphrase(forge_file(&arena, stanza), rows[i].most, &arena);

		CHECK_ROW(i, reading.is_good == !rows[i].refusal);
		CHECK_ROW(i, !rows[i].refusal || strcmp(reading.err.message, rows[i].refusal) == 0);
	}
}

TEST(a_header_with_another_mac_was_changed)
{
	scoped_arena struct arena arena = {0};
	const char *stanza = arena_printf(&arena, "-> %s", forge_x25519(&arena));
	struct str file = forge_file(&arena, stanza);
	const char *with_more =
	    arena_printf(&arena, "age-encryption.org/v1\n-> added\n\n%.*s", (int)file.len - 22, file.text + 22);
	const struct reading reading = read_forged((struct str){with_more, file.len + 10}, &arena);

	CHECK(!reading.is_good);
	CHECK_STR(reading.err.message, "the file's header was changed after it was written");
}

/* --- payload ------------------------------------------------------------- */

/*
 * A payload in words: "0.F 1.3L" is chunk 0, full, then chunk 1 of three
 * letters, marked as the last; "+5" adds five bytes, "-5" takes five away.
 */
static struct str payload(const char *words, struct arena *arena)
{
	struct buffer file = {.arena = arena};
	char *end;

	buffer_text(&file, forge_header(arena, arena_printf(arena, "-> %s", forge_x25519(arena))));
	forge_nonce(&file);
	for (struct str rest = str_of(words), word; str_split_next(&rest, ' ', &word);) {
		const long number = strtol(word.text, &end, 10);

		if (word.text[0] == '+') {
			for (long i = 0; i < number; i++)
				buffer_char(&file, 'x');
		} else if (word.text[0] == '-') {
			file.len -= (size_t)-number;
		} else {
			const size_t len = end[1] == 'F' ? FORGE_CHUNK : (size_t)atoi(end + 1);
			forge_chunk(&file, (uint64_t)number, str_ends(word, "L"), 'a', len);
		}
	}
	return buffer_str(&file);
}

TEST(payloads_are_held_to_the_specification)
{
	enum { F = FORGE_CHUNK };
	static const char cut[] = "the encrypted file was cut short";
	static const char behind[] = "the encrypted file continues after its end";
	static const char empty[] = "the encrypted file ends in an empty part, which age does not write";
	static const char first[] = "the encrypted file was changed, in the 64 KiB from byte 0 of its content";
	static const char second[] =
	    "the encrypted file was changed, in the 64 KiB from byte 65536 of its content";
	static const struct {
		const char *words;
		size_t released; /* before the end, or before the refusal */
		const char *refusal;
	} rows[] = {
	    {"0.0L", 0, NULL},
	    {"0.3L", 3, NULL},
	    {"0.FL", F, NULL},
	    {"0.F 1.3L", F + 3, NULL},
	    {"0.F 1.FL", 2 * F, NULL},
	    {"0.F 1.F 2.3L", 2 * F + 3, NULL},
	    {"", 0, cut},    /* no chunk */
	    {"-1", 0, cut},  /* a short nonce */
	    {"-16", 0, cut}, /* none */
	    {"0.3", 0, cut}, /* no last one */
	    {"0.F", 0, cut},
	    {"0.F 1.F", F, cut},
	    {"0.0", 0, cut},
	    {"0.F 1.0", F, cut},
	    {"0.F 1.3L -18", F, cut}, /* less than a tag is left */
	    {"0.F 1.3L -19", 0, cut}, /* at the edge */
	    {"0.F 1.3L -1", F, second},
	    {"0.3L -4", 0, cut},
	    {"0.F 1.0L", F, empty},
	    {"0.FL 1.3L", 0, behind}, /* two last ones */
	    {"0.FL 1.0L", 0, behind},
	    {"0.FL +1", 0, behind},
	    {"0.3L +1", 0, first},
	    {"0.3L +70000", 0, first},
	    {"0.3 1.3L", 0, first},      /* a short one in the middle */
	    {"0.F 0.F 1.3L", F, second}, /* doubled */
	    {"1.F 0.F 2.3L", 0, first},  /* swapped */
	    {"0.F 2.F 1.3L", F, second},
	    {"0.F 2.3L", F, second}, /* left out */
	    {"1.3L", 0, first},
	    {"256.3L", 0, first},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct reading reading = read_forged(payload(rows[i].words, &arena), &arena);

		if (rows[i].refusal && strcmp(reading.err.message, rows[i].refusal) != 0)
			fail_msg("row %zu: %s", i, reading.err.message);
		CHECK_ROW(i, reading.is_good == !rows[i].refusal && reading.released.len == rows[i].released);
		CHECK_ROW(i, reading.err.kind == (rows[i].refusal ? ERROR_STORAGE : ERROR_NONE));
	}
}

/* --- damage -------------------------------------------------------------- */

static const char *const two_recipients[] = {
    FORGE_RECIPIENT, "age17tf9rpl27d3w3zw6ej80eumglstgqa92k0p54cfuepgvm4qkuq0qy7sx29", NULL};

TEST(a_cut_at_every_byte_is_noticed)
{
	scoped_arena struct arena arena = {0};
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY);
	const struct str file = sealed_for(two_recipients, NULL, str_of(content), &arena);

	for (size_t len = 0; len < file.len; len++) {
		const struct arena_mark mark = arena_mark(&arena);
		const struct reading reading = read_pieces(&(struct age_secrets){.identities = identities},
		                                           str_slice(file, 0, len), len + 1, &arena);

		CHECK_ROW(len, !reading.is_good && reading.released.len == 0 && reading.err.message[0]);
		arena_rewind(&arena, mark);
	}
}

TEST(a_flip_of_every_bit_is_noticed)
{
	scoped_arena struct arena arena = {0};
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY);
	const struct str file = sealed_for(two_recipients, NULL, str_of(content), &arena);
	char *flipped = str_copy(&arena, file);

	for (size_t bit = 0; bit < 8 * file.len; bit++) {
		const struct arena_mark mark = arena_mark(&arena);

		flipped[bit / 8] ^= (char)(1 << bit % 8);
		const struct reading reading = read_pieces(&(struct age_secrets){.identities = identities},
		                                           (struct str){flipped, file.len}, file.len, &arena);
		CHECK_ROW(bit, !reading.is_good && reading.released.len == 0 && reading.err.kind == ERROR_STORAGE);
		flipped[bit / 8] ^= (char)(1 << bit % 8);
		arena_rewind(&arena, mark);
	}
}

TEST(a_large_file_is_good_as_a_whole_or_not_at_all)
{
	static const size_t pieces[] = {10000, 300000}; /* gathered by the chunk, and many chunks in one piece */
	scoped_arena struct arena arena = {0};
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY);
	const struct str plain = letters(300000, &arena);
	const struct str file = sealed_for(two_recipients, NULL, plain, &arena);
	char *changed = str_copy(&arena, file);

	for (size_t at = 0; at < file.len; at += 1499) {
		const struct arena_mark mark = arena_mark(&arena);

		changed[at] ^= 0x10;
		const struct reading reading = read_pieces(&(struct age_secrets){.identities = identities},
		                                           (struct str){changed, file.len}, pieces[at % 2], &arena);
		CHECK_ROW(at, !reading.is_good && reading.released.len <= at);
		CHECK_ROW(at, str_equal(reading.released, str_slice(plain, 0, reading.released.len)));
		changed[at] ^= 0x10;
		arena_rewind(&arena, mark);
	}
}

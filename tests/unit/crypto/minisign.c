#include "crypto/minisign.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "test.h"

static const char message[] = "the ladder goes up and down\n";

/* Made by minisign 0.11, the key with -W. */
static const char strangers_secret[] =
    "untrusted comment: minisign encrypted secret key\n"
    "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHz4TtxUUduYrIfH2Q02K1GVf4RjAYE+T"
    "NNvVAMlN3glc6WBag431YwUwx+pnXWTkewvxS7K6q4wL/"
    "OdOdms+AwD1Xapf7v9nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
static const char strangers_public[] = "RWQfPhO3FRR25gUwx+pnXWTkewvxS7K6q4wL/OdOdms+AwD1Xapf7v9n";
static const char strangers_signature[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUQfPhO3FRR25qHWn3ngkjuzecdnTHUPlBr7ugqT46dmw21+UtiIdGdqhqAy6f38DCXS5rVL5fwdDKLw/R03keXWvq+LUpkLCAE=\n"
    "trusted comment: climbed on a Friday\n"
    "6wjrHbNNwJlQin9uoZfwdu7D77U5AKoxSpl26DL+a4k8/EiE+wkVYAjBof8zJNAuhCVS8PlcmzSHZ73o+24uBA==\n";
static const char strangers_old_signature[] =
    "untrusted comment: signature from minisign secret key\n"
    "RWQfPhO3FRR25h9gyJBB/Ywm5g/fo8cSbGoABg4QzAFE3pD/g6gQ2gfhAKn+cKrpsod1hFnya2AMNelPN0b7ETcoi/k6qh19mAQ=\n"
    "trusted comment: legacy\n"
    "bGgsJHulMtkvOwQZB/QU2Il0oWrj4holGSNlnch7BHQWC20JeVn6gNebA4N77TbvBcalfhgvwSu6JeLYn0pECA==\n";

/* Of nobody here. */
static const char other_public[] = "RWRsn6D8PnRTiu4vZqMo/n/2JcehXg6OXVEz5IQ5gbMOxka3s8VTqhC8";

static struct signing_key *key_of(const char *text, struct error *err)
{
	char path[] = "/tmp/rung-unit-sign-XXXXXX";
	struct signing_key *key = NULL;
	const int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	CHECK(signing_key_read(path, &key, err) == (key != NULL));
	unlink(path);
	return key;
}

static struct trusted_key_list trust(struct arena *arena, const char *key)
{
	struct trusted_key_list list = {0};
	struct error err = {0};

	CHECK(trusted_key_read(key, arena, &list, &err));
	return list;
}

static bool fits(const struct trusted_key_list *keys, const char *text, struct str signature)
{
	struct error err = {0};

	return signature_check(keys, str_of(text), signature, &err);
}

TEST(a_signature_of_stock_minisign_is_accepted)
{
	scoped_arena struct arena arena = {0};
	const struct trusted_key_list keys = trust(&arena, strangers_public);

	CHECK(fits(&keys, message, str_of(strangers_signature)));
	CHECK(!fits(&keys, "the ladder goes up and down", str_of(strangers_signature)));
}

TEST(a_key_of_stock_minisign_signs_what_it_signed)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	scoped_signing_key struct signing_key *key = key_of(strangers_secret, &err);
	struct str ours, theirs = str_of(strangers_signature), line;

	CHECK_STR(signing_key_public(key, &arena), strangers_public);
	CHECK(signature_make(key, str_of(message), "climbed on a Friday", &arena, &ours, &err));
	/* Ed25519 leaves no choice: all but the untrusted comment is the same. */
	CHECK(str_line_next(&ours, &line) && str_line_next(&theirs, &line));
	CHECK(str_equal(ours, theirs));
}

TEST(any_changed_byte_of_a_signature_is_noticed)
{
	scoped_arena struct arena arena = {0};
	const struct trusted_key_list keys = trust(&arena, strangers_public);
	const size_t comment_len = strcspn(strangers_signature, "\n");
	char changed[sizeof(strangers_signature)];

	for (size_t i = comment_len; i < sizeof(changed) - 1; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(changed, strangers_signature, sizeof(changed));
			changed[i] ^= (char)(1 << bit);
			CHECK_ROW(i, !fits(&keys, message, (struct str){changed, sizeof(changed) - 1}));
		}
}

TEST(any_cut_or_added_byte_of_a_signature_is_noticed)
{
	scoped_arena struct arena arena = {0};
	const struct trusted_key_list keys = trust(&arena, strangers_public);
	const struct str whole = str_of(strangers_signature);

	/* Only the last line's end may be missing. */
	for (size_t len = 0; len < whole.len; len++)
		CHECK_ROW(len, fits(&keys, message, str_slice(whole, 0, len)) == (len == whole.len - 1));
	CHECK(!fits(&keys, message, str_of(arena_printf(&arena, "%sx", strangers_signature))));
	CHECK(!fits(&keys, message,
	            str_of(arena_printf(&arena, "%s%s", strangers_signature, strangers_signature))));
}

TEST(any_changed_byte_of_a_message_is_noticed)
{
	scoped_arena struct arena arena = {0};
	const struct trusted_key_list keys = trust(&arena, strangers_public);
	char changed[sizeof(message)];

	for (size_t i = 0; i < sizeof(message) - 1; i++) {
		memcpy(changed, message, sizeof(changed));
		changed[i] ^= 1;
		CHECK_ROW(i, !fits(&keys, changed, str_of(strangers_signature)));
	}
}

TEST(who_signed_is_said)
{
	scoped_arena struct arena arena = {0};
	const struct trusted_key_list none = {0}, other = trust(&arena, other_public);
	const struct trusted_key_list right = trust(&arena, strangers_public);
	static const char untrusted[] = "it was signed with key E6761415B7133E1F, which is not trusted";
	const struct {
		const struct trusted_key_list *keys;
		const char *text;
		const char *signature;
		const char *refusal;
		enum signature_verdict verdict;
	} rows[] = {
	    {&none, message, strangers_signature, untrusted, SIGNATURE_FOREIGN},
	    {&other, message, strangers_signature, untrusted, SIGNATURE_FOREIGN},
	    {&right, "another", strangers_signature,
	     "the data signed with key E6761415B7133E1F, or its signature, was changed", SIGNATURE_WRONG},
	    {&right, message, strangers_old_signature,
	     "the signature is of a kind that is not supported (not prehashed)", SIGNATURE_WRONG},
	    {&right, message, "", "the signature is not in the format of minisign, or was damaged",
	     SIGNATURE_WRONG},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};

		CHECK_ROW(i, signature_judge(rows[i].keys, str_of(rows[i].text), str_of(rows[i].signature), &err) ==
		                 rows[i].verdict);
		CHECK_STR(err.message, rows[i].refusal);
		CHECK_ROW(i, err.kind == ERROR_STORAGE);
	}
}

TEST(several_keys_may_be_trusted)
{
	scoped_arena struct arena arena = {0};
	struct trusted_key_list keys = trust(&arena, other_public);
	struct error err = {0};

	CHECK(trusted_key_read(strangers_public, &arena, &keys, &err) && keys.count == 2);
	CHECK(fits(&keys, message, str_of(strangers_signature)));
	/* One that only borrows the other's number does not stand in its way. */
	memcpy(keys.items[0].id, keys.items[1].id, sizeof(keys.items[0].id));
	CHECK(fits(&keys, message, str_of(strangers_signature)));
}

TEST(trusted_keys_are_texts_or_files)
{
	scoped_arena struct arena arena = {0};
	struct trusted_key_list keys = {0};
	struct error err = {0};
	char path[] = "/tmp/rung-unit-trust-XXXXXX";
	const char *text = arena_printf(&arena, "untrusted comment: a key\n%s\n", strangers_public);
	const int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) > 0);
	CHECK(trusted_key_read(path, &arena, &keys, &err) && keys.count == 1);
	CHECK(pwrite(fd, "U", 1, 0) == 1);
	CHECK(!trusted_key_read(path, &arena, &keys, &err) && err.kind == ERROR_CONFIG);
	CHECK_STR(err.message, arena_printf(&arena, "there is no public key of minisign in \"%s\"", path));
	close(fd);
	unlink(path);
	CHECK(!trusted_key_read("RWQfPhO3", &arena, &keys, &err) && keys.count == 1);
	CHECK_STR(err.message, "\"RWQfPhO3\" is neither a public key of minisign nor a file with one");
}

TEST(a_trusted_comment_is_one_line)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	scoped_signing_key struct signing_key *key = key_of(strangers_secret, &err);
	struct str signature;

	CHECK(!signature_make(key, str_of(message), "two\nlines", &arena, &signature, &err));
	CHECK(signature_make(key, STR(""), "", &arena, &signature, &err));
	const struct trusted_key_list keys = trust(&arena, strangers_public);
	CHECK(fits(&keys, "", signature));
}

/* --- secret keys --------------------------------------------------------- */

/* Takes a secret key's text apart, lets `change` have its bytes and puts it together again. */
static const char *changed_key(struct arena *arena, void (*change)(uint8_t bytes[158]))
{
	const char *line = strchr(strangers_secret, '\n') + 1;
	uint8_t bytes[158];
	char text[256];
	size_t size;

	CHECK(sodium_base642bin(bytes, sizeof(bytes), line, strlen(line), "\n", &size, NULL,
	                        sodium_base64_VARIANT_ORIGINAL) == 0 &&
	      size == sizeof(bytes));
	change(bytes);
	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(arena, "untrusted comment: changed\n%s\n", text);
}

static void damage_secret(uint8_t bytes[158])
{
	bytes[70] ^= 1;
}

static void name_another_algorithm(uint8_t bytes[158])
{
	bytes[1] = 'x';
}

static void name_another_derivation(uint8_t bytes[158])
{
	bytes[2] = 'X';
}

/* As minisign does it, with the least of work. */
static void encrypt(uint8_t bytes[158])
{
	uint8_t pad[104], checked[2 + 8 + 64];

	memcpy(bytes + 2, "Sc", 2);
	memset(bytes + 6, 's', 32);
	bytes[38 + 1] = 0x80; /* 32768 operations */
	bytes[46 + 2] = 0x10; /* a MiB */
	memcpy(checked, bytes, 2);
	memcpy(checked + 2, bytes + 54, 72);
	crypto_generichash(bytes + 126, 32, checked, sizeof(checked), NULL, 0);
	CHECK(crypto_pwhash_scryptsalsa208sha256(pad, sizeof(pad), "open up", 7, bytes + 6, 32768, 1024 * 1024) ==
	      0);
	for (size_t i = 0; i < sizeof(pad); i++)
		bytes[54 + i] ^= pad[i];
}

static void encrypt_with_too_much(uint8_t bytes[158])
{
	encrypt(bytes);
	bytes[46 + 5] = 1; /* a TiB */
}

static void check_refused(const char *text, const char *why)
{
	struct error err = {0};

	assert_null(key_of(text, &err));
	if (!strstr(err.message, why))
		fail_msg("%s", err.message);
	CHECK(err.kind == ERROR_CONFIG);
}

TEST(damaged_and_foreign_secret_keys_are_refused)
{
	scoped_arena struct arena arena = {0};

	check_refused("", "it is not a secret key of minisign");
	check_refused(strangers_signature, "it is not a secret key of minisign");
	check_refused(changed_key(&arena, name_another_algorithm), "it is not a secret key of minisign");
	check_refused(changed_key(&arena, name_another_derivation), "it is encrypted in a way that is not known");
	check_refused(changed_key(&arena, damage_secret), "it is damaged");
}

TEST(encrypted_secret_keys_need_their_passphrase)
{
	scoped_arena struct arena arena = {0};
	const char *text = changed_key(&arena, encrypt);
	struct error err = {0};

	unsetenv("RUNG_SIGN_PASSPHRASE");
	check_refused(text, "it is encrypted and no passphrase is set");
	setenv("RUNG_SIGN_PASSPHRASE", "", 1);
	check_refused(text, "it is encrypted and no passphrase is set");
	setenv("RUNG_SIGN_PASSPHRASE", "open down", 1);
	check_refused(text, "RUNG_SIGN_PASSPHRASE is not its passphrase");
	check_refused(changed_key(&arena, encrypt_with_too_much), "its passphrase needs more memory or work");
	setenv("RUNG_SIGN_PASSPHRASE", "open up", 1);
	scoped_signing_key struct signing_key *key = key_of(text, &err);
	CHECK_STR(signing_key_public(key, &arena), strangers_public);
	unsetenv("RUNG_SIGN_PASSPHRASE");
}

/*
 * How the file key gets into the header and out of it (C2SP age.md, sections on X25519 and scrypt).
 * libsodium has all the parts but HKDF, which for the one length that is needed is two HMACs.
 *
 * Everything about a header that must hold is checked for all its stanzas before any is opened: which of
 * them is ours must not decide whether a malformed one is noticed, and a passphrase must be alone, as the
 * specification says: a file that also had recipients would not prove that its writer knew it. Unknown
 * kinds are passed over, as the specification demands. The MAC comes last because its key is only then
 * known; it is what makes the rest of the header trustworthy.
 *
 * The work factor of scrypt is the writer's choice and a power of two of memory, so it is bounded before
 * anything is computed. A point of low order would make a shared secret that everybody knows, and
 * libsodium's refusal of it is obeyed on both sides.
 */
#include "crypto/age_wrap.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/number_text.h"
#include "crypto/base64.h"

enum {
	SHARE_SIZE = crypto_scalarmult_curve25519_BYTES,
	SALT_SIZE = 16,
	WRAPPED_SIZE = sizeof(struct file_key) + crypto_aead_chacha20poly1305_ietf_ABYTES,
	SCRYPT_R = 8,
	SCRYPT_P = 1,
};

/* Both are the specification's, and so are r and p: only the work factor is the writer's. */
static const char x25519_info[] = "age-encryption.org/v1/X25519";
static const char scrypt_info[] = "age-encryption.org/v1/scrypt";

/* A wrapping key serves once, so its nonce may be fixed. */
static const uint8_t zero_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

void file_key_wipe(struct file_key *key)
{
	secret_wipe(key, sizeof(*key));
}

void file_key_make(struct file_key *out)
{
	secret_random(out->bytes, sizeof(out->bytes));
}

/* --- derivation ---------------------------------------------------------- */

struct bytes {
	const void *at;
	size_t size;
};

static void hmac(struct bytes key, struct bytes message, uint8_t out[32])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key.at, key.size);
	crypto_auth_hmacsha256_update(&state, message.at, message.size);
	crypto_auth_hmacsha256_final(&state, out);
	secret_wipe(&state, sizeof(state));
}

/* HKDF-SHA-256 (RFC 5869) for the one length age uses: extract, and a single round of expand. */
static void derive(struct bytes secret, struct bytes salt, const char *info, uint8_t out[32])
{
	scoped_secret_key struct secret_key extracted;
	char message[64];
	const int len = snprintf(message, sizeof(message), "%s\x01", info);

	assert(len < (int)sizeof(message));
	hmac(salt, secret, extracted.bytes);
	hmac((struct bytes){extracted.bytes, sizeof(extracted.bytes)}, (struct bytes){message, (size_t)len}, out);
}

static struct bytes key_bytes(const struct file_key *key)
{
	return (struct bytes){key->bytes, sizeof(key->bytes)};
}

void payload_key(const struct file_key *key, const uint8_t nonce[AGE_NONCE_SIZE], uint8_t out[32])
{
	derive(key_bytes(key), (struct bytes){nonce, AGE_NONCE_SIZE}, "payload", out);
}

static void header_mac(const struct file_key *key, struct str authenticated, uint8_t out[AGE_MAC_SIZE])
{
	scoped_secret_key struct secret_key mac_key;

	derive(key_bytes(key), (struct bytes){"", 0}, "header", mac_key.bytes);
	hmac((struct bytes){mac_key.bytes, sizeof(mac_key.bytes)},
	     (struct bytes){authenticated.text, authenticated.len}, out);
}

static void wrap(const struct file_key *key, const struct secret_key *wrapping, uint8_t out[WRAPPED_SIZE])
{
	crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, key->bytes, sizeof(key->bytes), NULL, 0, NULL,
	                                          zero_nonce, wrapping->bytes);
}

static bool unwrap(const uint8_t *body, const struct secret_key *wrapping, struct file_key *out)
{
	return crypto_aead_chacha20poly1305_ietf_decrypt(out->bytes, NULL, NULL, body, WRAPPED_SIZE, NULL, 0,
	                                                 zero_nonce, wrapping->bytes) == 0;
}

/* --- X25519 -------------------------------------------------------------- */

/*
 * The wrapping key both sides come to: from the ephemeral secret and the
 * recipient, or from the ephemeral share and the identity. False for points of
 * low order, whose shared secret everybody knows.
 */
static bool x25519_key(const uint8_t secret[32], const uint8_t point[32], const uint8_t share[SHARE_SIZE],
                       const uint8_t recipient[32], struct secret_key *out)
{
	scoped_secret_key struct secret_key shared;
	uint8_t salt[SHARE_SIZE + 32];

	if (crypto_scalarmult_curve25519(shared.bytes, secret, point) != 0)
		return false;
	memcpy(salt, share, SHARE_SIZE);
	memcpy(salt + SHARE_SIZE, recipient, 32);
	derive((struct bytes){shared.bytes, sizeof(shared.bytes)}, (struct bytes){salt, sizeof(salt)},
	       x25519_info, out->bytes);
	return true;
}

static bool x25519_wrap(const struct file_key *key, const struct recipient *recipient, struct buffer *header,
                        struct error *err)
{
	scoped_secret_key struct secret_key ephemeral, wrapping;
	uint8_t share[SHARE_SIZE], body[WRAPPED_SIZE];
	char share_text[BASE64_SIZE(SHARE_SIZE)];

	secret_random(ephemeral.bytes, sizeof(ephemeral.bytes));
	crypto_scalarmult_curve25519_base(share, ephemeral.bytes);
	if (!x25519_key(ephemeral.bytes, recipient->public_key, share, recipient->public_key, &wrapping))
		return error_set(err, ERROR_CONFIG, "cannot encrypt for \"%s\": it is not a safe key",
		                 recipient->text);
	wrap(key, &wrapping, body);
	base64_encode(share, sizeof(share), BASE64_BARE, share_text);
	age_header_stanza(header, arena_printf(header->arena, "X25519 %s", share_text), body, sizeof(body));
	return true;
}

/* Who fits is not to be told by lengths: a body is looked at only when it has the right one. */
static bool x25519_read(const struct age_stanza *stanza, uint8_t share[SHARE_SIZE])
{
	return stanza->argument_count == 2 && stanza->body_size == WRAPPED_SIZE &&
	       base64_decode_exactly(stanza->arguments[1], BASE64_BARE, share, SHARE_SIZE);
}

static bool refuse_stanza(const char *what, struct error *err)
{
	return error_set(err, ERROR_STORAGE, "the file's header is damaged: %s", what);
}

static bool x25519_check(const struct age_stanza *stanza, struct error *err)
{
	uint8_t share[SHARE_SIZE];

	return x25519_read(stanza, share) || refuse_stanza("a recipient is malformed", err);
}

static bool x25519_unwrap(const struct age_stanza *stanza, const struct age_secrets *secrets,
                          struct file_key *out, bool *found, struct error *err)
{
	const size_t count = secrets->identities ? secrets->identities->count : 0;
	uint8_t share[SHARE_SIZE];

	if (!x25519_read(stanza, share))
		return x25519_check(stanza, err);
	for (size_t i = 0; i < count && !*found; i++) {
		const struct identity *identity = &secrets->identities->items[i];
		scoped_secret_key struct secret_key wrapping;

		if (!x25519_key(identity->secret_key, share, share, identity->public_key, &wrapping))
			return refuse_stanza("a recipient's share is a point of low order", err);
		*found = unwrap(stanza->body, &wrapping, out);
	}
	return true;
}

/* --- scrypt -------------------------------------------------------------- */

static bool scrypt_key(const struct passphrase *passphrase, const uint8_t salt[SALT_SIZE], int work_factor,
                       struct secret_key *out, struct error *err)
{
	const struct str text = passphrase_str(passphrase);
	uint8_t whole_salt[sizeof(scrypt_info) - 1 + SALT_SIZE];

	assert(work_factor <= AGE_LARGEST_WORK_FACTOR);
	memcpy(whole_salt, scrypt_info, sizeof(scrypt_info) - 1);
	memcpy(whole_salt + sizeof(scrypt_info) - 1, salt, SALT_SIZE);
	if (crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)text.text, text.len, whole_salt,
	                                          sizeof(whole_salt), 1ull << work_factor, SCRYPT_R, SCRYPT_P,
	                                          out->bytes, sizeof(out->bytes)) == 0)
		return true;
	/* 128 * r * N bytes; r is 8. */
	return error_set(err, ERROR_STORAGE, "could not get the %llu MiB of memory the passphrase needs",
	                 (1ull << work_factor) / 1024);
}

static bool scrypt_wrap(const struct file_key *key, const struct passphrase *passphrase,
                        struct buffer *header, struct error *err)
{
	scoped_secret_key struct secret_key wrapping;
	uint8_t salt[SALT_SIZE], body[WRAPPED_SIZE];
	char salt_text[BASE64_SIZE(SALT_SIZE)];

	secret_random(salt, sizeof(salt));
	if (!scrypt_key(passphrase, salt, AGE_WORK_FACTOR, &wrapping, err))
		return false;
	wrap(key, &wrapping, body);
	base64_encode(salt, sizeof(salt), BASE64_BARE, salt_text);
	age_header_stanza(header, arena_printf(header->arena, "scrypt %s %d", salt_text, AGE_WORK_FACTOR), body,
	                  sizeof(body));
	return true;
}

/* Digits without a leading zero; what is too large to be a number of bits is just very large. */
static bool read_work_factor(struct str text, int *out)
{
	enum { TOO_LARGE = 1000000 };
	unsigned long long number;

	for (size_t i = 0; i < text.len; i++)
		if (!char_is_digit(text.text[i]))
			return false;
	if (text.len == 0 || text.text[0] == '0')
		return false;
	*out = str_to_number(text, TOO_LARGE, &number) ? (int)number : TOO_LARGE;
	return true;
}

static bool scrypt_read(const struct age_stanza *stanza, uint8_t salt[SALT_SIZE], int *work_factor)
{
	return stanza->argument_count == 3 && stanza->body_size == WRAPPED_SIZE &&
	       base64_decode_exactly(stanza->arguments[1], BASE64_BARE, salt, SALT_SIZE) &&
	       read_work_factor(stanza->arguments[2], work_factor);
}

static bool scrypt_check(const struct age_stanza *stanza, struct error *err)
{
	uint8_t salt[SALT_SIZE];
	int work_factor;

	return scrypt_read(stanza, salt, &work_factor) || refuse_stanza("its passphrase part is malformed", err);
}

static bool check_work_factor(int work_factor, const struct age_secrets *secrets, struct error *err)
{
	int most = secrets->most_work_factor > 0 ? secrets->most_work_factor : AGE_MOST_WORK_FACTOR;

	if (most > AGE_LARGEST_WORK_FACTOR)
		most = AGE_LARGEST_WORK_FACTOR;
	if (work_factor <= most)
		return true;
	error_set(err, ERROR_STORAGE, "the file's passphrase asks for a work factor of %d, at most %d is allowed",
	          work_factor, most);
	error_detail(err, "Each step doubles the time and the memory; %d takes about %d MiB.", most,
	             (1 << most) / 1024);
	return work_factor <= AGE_LARGEST_WORK_FACTOR &&
	       error_hint(err, "--max-work-factor %d allows it.", work_factor);
}

static bool scrypt_unwrap(const struct age_stanza *stanza, const struct age_secrets *secrets,
                          struct file_key *out, bool *found, struct error *err)
{
	scoped_secret_key struct secret_key wrapping;
	uint8_t salt[SALT_SIZE];
	int work_factor;

	if (!scrypt_read(stanza, salt, &work_factor))
		return scrypt_check(stanza, err);
	if (!secrets->passphrase)
		return true;
	if (!check_work_factor(work_factor, secrets, err) ||
	    !scrypt_key(secrets->passphrase, salt, work_factor, &wrapping, err))
		return false;
	*found = unwrap(stanza->body, &wrapping, out);
	return true;
}

/* --- stanzas ------------------------------------------------------------- */

struct stanza_kind {
	const char *type;
	bool (*check)(const struct age_stanza *stanza, struct error *err);
	bool (*unwrap)(const struct age_stanza *stanza, const struct age_secrets *secrets, struct file_key *out,
	               bool *found, struct error *err);
};

static const struct stanza_kind kinds[] = {
    {"X25519", x25519_check, x25519_unwrap},
    {"scrypt", scrypt_check, scrypt_unwrap},
};

static const struct stanza_kind *kind_of(const struct age_stanza *stanza)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(stanza->arguments[0], kinds[i].type))
			return &kinds[i];
	return NULL;
}

static bool is_for_passphrase(const struct age_header *header)
{
	for (size_t i = 0; i < header->count; i++)
		if (str_is(header->stanzas[i].arguments[0], "scrypt"))
			return true;
	return false;
}

/* What is to be taken for granted even by somebody whom the first stanza already fits. */
static bool check_stanzas(const struct age_header *header, struct error *err)
{
	if (is_for_passphrase(header) && header->count > 1)
		return refuse_stanza("a passphrase is combined with other recipients", err);
	for (size_t i = 0; i < header->count; i++) {
		const struct stanza_kind *kind = kind_of(&header->stanzas[i]);

		if (kind && !kind->check(&header->stanzas[i], err))
			return false;
	}
	return true;
}

/* Stanzas that only keep readers used to unknown ones are nobody's. */
static size_t count_recipients(const struct age_header *header)
{
	size_t count = 0;

	for (size_t i = 0; i < header->count; i++)
		count += !str_ends(header->stanzas[i].arguments[0], "-grease");
	return count;
}

/* Public halves say which key was taken by mistake; nobody compares many. */
static bool detail_given(const struct identity_list *identities, struct error *err)
{
	enum { MOST_SHOWN = 8 };
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};

	for (size_t i = 0; i < identities->count && i < MOST_SHOWN; i++)
		buffer_printf(&text, "%s%s", i ? ", " : "", identity_public(&identities->items[i], &arena));
	return error_detail(err, "Given was %s%s.", buffer_cstr(&text),
	                    identities->count > MOST_SHOWN ? " and others" : "");
}

static bool refuse_secrets(const struct age_header *header, const struct age_secrets *secrets,
                           struct error *err)
{
	const size_t count = count_recipients(header);
	const char *ending = plural(count);

	if (is_for_passphrase(header) && secrets->passphrase)
		return error_set(err, ERROR_STORAGE, "the passphrase is wrong");
	if (is_for_passphrase(header))
		return error_set(err, ERROR_STORAGE,
		                 "the file is encrypted with a passphrase, not for the given key");
	if (!secrets->identities)
		return error_set(err, ERROR_STORAGE,
		                 "the file is encrypted for %zu recipient%s, not with a passphrase", count, ending);
	error_set(err, ERROR_STORAGE,
	          "the file is encrypted for %zu recipient%s, and the given key is none of them", count, ending);
	return detail_given(secrets->identities, err);
}

static bool find_key(const struct age_header *header, const struct age_secrets *secrets, struct file_key *out,
                     struct error *err)
{
	bool found = false;

	for (size_t i = 0; i < header->count && !found; i++) {
		const struct stanza_kind *kind = kind_of(&header->stanzas[i]);

		if (kind && !kind->unwrap(&header->stanzas[i], secrets, out, &found, err))
			return false;
	}
	return found || refuse_secrets(header, secrets, err);
}

bool file_key_unwrap(const struct age_header *header, const struct age_secrets *secrets, struct file_key *out,
                     struct error *err)
{
	scoped_file_key struct file_key key;
	uint8_t mac[AGE_MAC_SIZE];

	if (!check_stanzas(header, err) || !find_key(header, secrets, &key, err))
		return false;
	header_mac(&key, header->authenticated, mac);
	if (sodium_memcmp(mac, header->mac, sizeof(mac)) != 0)
		return error_set(err, ERROR_STORAGE, "the file's header was changed after it was written");
	*out = key;
	return true;
}

static bool wrap_for_all(const struct file_key *key, const struct recipient_list *recipients,
                         struct buffer *header, struct error *err)
{
	if (recipients->count > AGE_MOST_RECIPIENTS)
		return error_set(err, ERROR_CONFIG, "cannot encrypt for more than %d recipients",
		                 AGE_MOST_RECIPIENTS);
	for (size_t i = 0; i < recipients->count; i++)
		if (!x25519_wrap(key, &recipients->items[i], header, err))
			return false;
	return true;
}

bool file_key_wrap(const struct file_key *key, const struct recipient_list *recipients,
                   const struct passphrase *passphrase, struct buffer *header, struct error *err)
{
	const size_t count = recipients ? recipients->count : 0;
	uint8_t mac[AGE_MAC_SIZE];

	if (count == 0 && !passphrase)
		return error_set(err, ERROR_CONFIG, "cannot encrypt: there is neither a recipient nor a passphrase");
	if (count > 0 && passphrase)
		return error_set(err, ERROR_CONFIG, "cannot encrypt for recipients and with a passphrase at once");
	age_header_begin(header);
	if (passphrase ? !scrypt_wrap(key, passphrase, header, err) : !wrap_for_all(key, recipients, header, err))
		return false;
	age_header_mark(header);
	header_mac(key, buffer_str(header), mac);
	age_header_end(header, mac);
	return true;
}

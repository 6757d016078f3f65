/*
 * minisign's files are lines of base64 over fixed structures, which are declared here as bytes throughout:
 * there is no padding and no byte order that a machine could choose, and _Static_assert holds the sizes to
 * minisign's. Formats and algorithms are those of its documentation, so that stock minisign checks what is
 * signed here.
 *
 * A message is signed by its BLAKE2b-512 digest; the older kind, over the message itself, is refused;
 * minisign no longer writes it by default. The second signature covers the first one and the trusted
 * comment, which without it anybody could exchange.
 *
 * Which key was used is said by an id that is only a name: two trusted keys may have the same one, so all
 * that have it are tried, and a signature that none of them made is wrong, not foreign. The difference
 * matters to anyone who asks: a foreign one may be good.
 */
#include "crypto/minisign.h"

#include <endian.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "crypto/base64.h"
#include "crypto/secret.h"

enum {
	ID_SIZE = 8,
	PUBLIC_SIZE = crypto_sign_PUBLICKEYBYTES,
	SECRET_SIZE = crypto_sign_SECRETKEYBYTES, /* the seed, then the public key */
	SIGNATURE_SIZE = crypto_sign_BYTES,
	DIGEST_OF_MESSAGE = 64,
};

static const char untrusted_prefix[] = "untrusted comment: ";
static const char trusted_prefix[] = "trusted comment: ";

/* What the base64 lines of minisign's files hold; bytes all through, so that there is no padding. */
struct secret_record {
	uint8_t algorithm[2];          /* "Ed" */
	uint8_t derivation[2];         /* "Sc" for scrypt, or zeros: what follows `memory` is as it is */
	uint8_t checksum_algorithm[2]; /* "B2" */
	uint8_t salt[crypto_pwhash_scryptsalsa208sha256_SALTBYTES];
	uint8_t operations[8]; /* little-endian */
	uint8_t memory[8];
	struct sealed_part {
		uint8_t id[ID_SIZE];
		uint8_t secret[SECRET_SIZE];
		uint8_t checksum[32]; /* BLAKE2b of algorithm, id and secret; zeros when not encrypted */
	} sealed;
};
_Static_assert(sizeof(struct secret_record) == 158, "as long as minisign's");

struct public_record {
	uint8_t algorithm[2]; /* "Ed" */
	uint8_t id[ID_SIZE];
	uint8_t public_key[PUBLIC_SIZE];
};
_Static_assert(sizeof(struct public_record) == 42, "as long as minisign's");

struct signature_record {
	uint8_t algorithm[2]; /* "ED": over the digest; "Ed" would be over the message itself */
	uint8_t id[ID_SIZE];
	uint8_t signature[SIGNATURE_SIZE];
};
_Static_assert(sizeof(struct signature_record) == 74, "as long as minisign's");

struct signing_key {
	uint8_t id[ID_SIZE];
	uint8_t secret[SECRET_SIZE];
};

static bool is_marked(const uint8_t mark[2], const char *expected)
{
	return memcmp(mark, expected, 2) == 0;
}

/* As minisign shows it: a little-endian number. */
static char *id_text(const uint8_t id[ID_SIZE], struct arena *arena)
{
	uint64_t number;

	memcpy(&number, id, sizeof(number));
	return arena_printf(arena, "%016llX", (unsigned long long)le64toh(number));
}

static char *record_text(const void *record, size_t size, struct arena *arena)
{
	return base64_encode(record, size, BASE64_PADDED, arena_alloc(arena, BASE64_SIZE(size)));
}

static bool record_read(struct str line, void *record, size_t size)
{
	return base64_decode_exactly(line, BASE64_PADDED, record, size);
}

/* --- secret keys --------------------------------------------------------- */

static bool refuse_key(const char *path, const char *why, struct error *err)
{
	return error_set(err, ERROR_CONFIG, "cannot sign with \"%s\": %s", path, why);
}

/* minisign's own numbers are the most that is accepted: a gigabyte, some seconds. */
static bool derive_pad(const struct secret_record *record, const char *passphrase, struct secret_text *pad)
{
	uint64_t operations, memory;

	memcpy(&operations, record->operations, sizeof(operations));
	memcpy(&memory, record->memory, sizeof(memory));
	operations = le64toh(operations);
	memory = le64toh(memory);
	return operations <= crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE &&
	       memory <= crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE &&
	       crypto_pwhash_scryptsalsa208sha256((unsigned char *)pad->text, sizeof(record->sealed), passphrase,
	                                          strlen(passphrase), record->salt, operations,
	                                          (size_t)memory) == 0;
}

/* minisign encrypts by XOR with what scrypt yields, so only the checksum tells a wrong passphrase. */
static void apply_pad(struct sealed_part *sealed, const char *pad)
{
	uint8_t *bytes = (uint8_t *)sealed;

	for (size_t i = 0; i < sizeof(*sealed); i++)
		bytes[i] ^= (uint8_t)pad[i];
}

static bool checksum_fits(const struct secret_record *record)
{
	crypto_generichash_state state;
	uint8_t checksum[sizeof(record->sealed.checksum)];

	crypto_generichash_init(&state, NULL, 0, sizeof(checksum));
	crypto_generichash_update(&state, record->algorithm, sizeof(record->algorithm));
	crypto_generichash_update(&state, record->sealed.id, sizeof(record->sealed.id));
	crypto_generichash_update(&state, record->sealed.secret, sizeof(record->sealed.secret));
	crypto_generichash_final(&state, checksum, sizeof(checksum));
	return sodium_memcmp(checksum, record->sealed.checksum, sizeof(checksum)) == 0;
}

static bool decrypt(struct secret_record *record, const char *path, struct error *err)
{
	const char *passphrase = getenv("RUNG_SIGN_PASSPHRASE");
	scoped_secret_text struct secret_text *pad = secret_alloc(sizeof(*pad) + sizeof(record->sealed));

	if (!passphrase || !*passphrase) {
		refuse_key(path, "it is encrypted and no passphrase is set", err);
		return error_hint(err, "Set RUNG_SIGN_PASSPHRASE, or make a key without one: rung keygen.");
	}
	if (!derive_pad(record, passphrase, pad))
		return refuse_key(path, "its passphrase needs more memory or work than is allowed", err);
	apply_pad(&record->sealed, pad->text);
	return checksum_fits(record) || refuse_key(path, "RUNG_SIGN_PASSPHRASE is not its passphrase", err);
}

/* A damaged seed would sign what nobody can check; worse, a wrong public half can give the seed away. */
static bool halves_fit(const uint8_t secret[SECRET_SIZE])
{
	scoped_secret_text struct secret_text *again = secret_alloc(sizeof(*again) + SECRET_SIZE);
	uint8_t public_key[PUBLIC_SIZE];

	crypto_sign_seed_keypair(public_key, (unsigned char *)again->text, secret);
	return sodium_memcmp(again->text, secret, SECRET_SIZE) == 0;
}

static bool check_record(struct secret_record *record, const char *path, struct error *err)
{
	static const uint8_t no_derivation[2] = {0};

	if (!is_marked(record->algorithm, "Ed") || !is_marked(record->checksum_algorithm, "B2"))
		return refuse_key(path, "it is not a secret key of minisign", err);
	if (memcmp(record->derivation, no_derivation, 2) != 0 && !is_marked(record->derivation, "Sc"))
		return refuse_key(path, "it is encrypted in a way that is not known", err);
	if (is_marked(record->derivation, "Sc") && !decrypt(record, path, err))
		return false;
	return halves_fit(record->sealed.secret) || refuse_key(path, "it is damaged", err);
}

static bool parse_secret(struct str text, struct secret_record *record)
{
	struct str comment, line;

	return str_line_next(&text, &comment) && str_starts(comment, untrusted_prefix) &&
	       str_line_next(&text, &line) && record_read(line, record, sizeof(*record));
}

static void record_free(struct secret_record **record)
{
	secret_free(*record);
}

bool signing_key_read(const char *path, struct signing_key **out, struct error *err)
{
	enum { MOST = 4096 };
	scoped_secret_text struct secret_text *text = NULL;
	SCOPED(record_free) struct secret_record *record = secret_alloc(sizeof(*record));

	if (!secret_read(path, MOST, &text, err))
		return false;
	if (!parse_secret(secret_str(text), record))
		return refuse_key(path, "it is not a secret key of minisign", err);
	if (!check_record(record, path, err))
		return false;

	struct signing_key *key = secret_alloc(sizeof(*key));
	memcpy(key->id, record->sealed.id, sizeof(key->id));
	memcpy(key->secret, record->sealed.secret, sizeof(key->secret));
	*out = key;
	return true;
}

void signing_key_close(struct signing_key **key)
{
	secret_free(*key);
	*key = NULL;
}

char *signing_key_public(const struct signing_key *key, struct arena *arena)
{
	struct public_record record = {.algorithm = {'E', 'd'}};

	memcpy(record.id, key->id, sizeof(record.id));
	memcpy(record.public_key, key->secret + SECRET_SIZE - PUBLIC_SIZE, sizeof(record.public_key));
	return record_text(&record, sizeof(record), arena);
}

/* The text of a secret key, in memory of the same kind. */
static struct secret_text *secret_key_text(const struct signing_key *key)
{
	static const char comment[] = "untrusted comment: secret key of rung, without passphrase\n";
	enum { TEXT_SIZE = sizeof(comment) + BASE64_SIZE(sizeof(struct secret_record)) + 1 };
	struct secret_text *text = secret_alloc(sizeof(*text) + TEXT_SIZE);
	SCOPED(record_free) struct secret_record *record = secret_alloc(sizeof(*record));

	memcpy(record->algorithm, "Ed", 2);
	memcpy(record->checksum_algorithm, "B2", 2);
	memcpy(record->sealed.id, key->id, sizeof(key->id));
	memcpy(record->sealed.secret, key->secret, sizeof(key->secret));
	memcpy(text->text, comment, sizeof(comment));
	base64_encode((const uint8_t *)record, sizeof(*record), BASE64_PADDED, text->text + sizeof(comment) - 1);
	text->len = strlen(text->text);
	text->text[text->len++] = '\n';
	return text;
}

bool signing_key_make(const char *path, struct arena *arena, const char **trusted_key, struct error *err)
{
	scoped_signing_key struct signing_key *key = secret_alloc(sizeof(*key));
	uint8_t public_key[PUBLIC_SIZE];

	secret_random(key->id, sizeof(key->id));
	crypto_sign_keypair(public_key, key->secret);
	scoped_secret_text struct secret_text *text = secret_key_text(key);
	if (!file_write_new(path, secret_str(text), 0600, err))
		return false;
	*trusted_key = signing_key_public(key, arena);
	return true;
}

/* --- signing ------------------------------------------------------------- */

static void sign(const struct signing_key *key, const void *bytes, size_t size, uint8_t out[SIGNATURE_SIZE])
{
	crypto_sign_detached(out, NULL, bytes, size, key->secret);
}

static struct signature_record sign_message(const struct signing_key *key, struct str message)
{
	struct signature_record record = {.algorithm = {'E', 'D'}};
	uint8_t digest[DIGEST_OF_MESSAGE];

	memcpy(record.id, key->id, sizeof(record.id));
	crypto_generichash(digest, sizeof(digest), (const uint8_t *)message.text, message.len, NULL, 0);
	sign(key, digest, sizeof(digest), record.signature);
	return record;
}

/* The second signature binds the comment to the first one. */
static struct str comment_bound(const uint8_t signature[SIGNATURE_SIZE], struct str comment,
                                struct arena *arena)
{
	struct buffer bound = {.arena = arena};

	buffer_add(&bound, (struct str){(const char *)signature, SIGNATURE_SIZE});
	buffer_add(&bound, comment);
	return buffer_str(&bound);
}

bool signature_make(const struct signing_key *key, struct str message, const char *trusted_comment,
                    struct arena *arena, struct str *out, struct error *err)
{
	struct buffer text = {.arena = arena};
	uint8_t whole[SIGNATURE_SIZE];

	if (strpbrk(trusted_comment, "\r\n") || strlen(trusted_comment) > SIGNATURE_LARGEST / 4)
		return error_set(err, ERROR_USAGE, "cannot sign a comment that is longer than a line");
	const struct signature_record record = sign_message(key, message);
	const struct str bound = comment_bound(record.signature, str_of(trusted_comment), arena);
	sign(key, bound.text, bound.len, whole);

	buffer_printf(&text, "%ssignature by rung with key %s\n%s\n", untrusted_prefix, id_text(key->id, arena),
	              record_text(&record, sizeof(record), arena));
	buffer_printf(&text, "%s%s\n%s\n", trusted_prefix, trusted_comment,
	              record_text(whole, sizeof(whole), arena));
	*out = buffer_str(&text);
	return true;
}

/* --- checking ------------------------------------------------------------ */

static bool trusted_key_parse(struct str line, struct trusted_key *out)
{
	struct public_record record;

	if (!record_read(line, &record, sizeof(record)) || !is_marked(record.algorithm, "Ed"))
		return false;
	memcpy(out->id, record.id, sizeof(out->id));
	memcpy(out->public_key, record.public_key, sizeof(out->public_key));
	return true;
}

/* The comment line is optional: people copy just the other one. */
static bool trusted_key_parse_file(struct str text, struct trusted_key *out)
{
	struct str line;

	return str_line_next(&text, &line) &&
	       (!str_starts(line, untrusted_prefix) || str_line_next(&text, &line)) &&
	       trusted_key_parse(str_trim(line), out);
}

static bool trusted_key_load(const char *path, struct arena *arena, struct trusted_key *out,
                             struct error *err)
{
	enum { MOST = 4096 };
	struct str text;

	if (!file_exists(path)) {
		error_set(err, ERROR_CONFIG, "\"%s\" is neither a public key of minisign nor a file with one", path);
		if (strchr(path, ','))
			return error_hint(err, "Separate keys by blanks.");
		return error_hint(err, "A public key is 56 characters that begin with \"RW\".");
	}
	return file_read(path, MOST, ERROR_CONFIG, arena, &text, err) &&
	       (trusted_key_parse_file(text, out) ||
	        error_set(err, ERROR_CONFIG, "there is no public key of minisign in \"%s\"", path));
}

bool trusted_key_read(const char *text_or_path, struct arena *arena, struct trusted_key_list *list,
                      struct error *err)
{
	struct trusted_key key;

	if (!trusted_key_parse(str_of(text_or_path), &key) && !trusted_key_load(text_or_path, arena, &key, err))
		return false;
	*ARENA_PUSH(arena, list->items, list->count) = key;
	return true;
}

bool trusted_key_is_among(const struct trusted_key_list *list, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (memcmp(&list->items[i], &list->items[index], sizeof(*list->items)) == 0)
			return true;
	return false;
}

struct signature {
	struct signature_record record;
	struct str comment;
	uint8_t whole[SIGNATURE_SIZE];
};

/* A line's rest after `prefix`. */
static bool comment_next(struct str *rest, const char *prefix, struct str *comment)
{
	struct str line;

	if (!str_line_next(rest, &line) || !str_starts(line, prefix))
		return false;
	*comment = str_slice(line, strlen(prefix), line.len);
	return true;
}

static bool record_next(struct str *rest, void *record, size_t size)
{
	struct str line;

	return str_line_next(rest, &line) && record_read(line, record, size);
}

static bool signature_parse(struct str text, struct signature *out)
{
	struct str untrusted;

	return text.len <= SIGNATURE_LARGEST && comment_next(&text, untrusted_prefix, &untrusted) &&
	       record_next(&text, &out->record, sizeof(out->record)) &&
	       comment_next(&text, trusted_prefix, &out->comment) &&
	       record_next(&text, out->whole, sizeof(out->whole)) && text.len == 0;
}

static bool is_made_by(const struct trusted_key *key, const struct signature *signature, struct str message,
                       struct arena *arena)
{
	uint8_t digest[DIGEST_OF_MESSAGE];
	const struct str bound = comment_bound(signature->record.signature, signature->comment, arena);

	crypto_generichash(digest, sizeof(digest), (const uint8_t *)message.text, message.len, NULL, 0);
	return crypto_sign_verify_detached(signature->record.signature, digest, sizeof(digest),
	                                   key->public_key) == 0 &&
	       crypto_sign_verify_detached(signature->whole, (const uint8_t *)bound.text, bound.len,
	                                   key->public_key) == 0;
}

enum signature_verdict signature_judge(const struct trusted_key_list *keys, struct str message,
                                       struct str text, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct signature signature;
	bool is_known = false;

	if (!signature_parse(text, &signature)) {
		error_set(err, ERROR_STORAGE, "the signature is not in the format of minisign, or was damaged");
		return SIGNATURE_WRONG;
	}
	if (!is_marked(signature.record.algorithm, "ED")) {
		error_set(err, ERROR_STORAGE, "the signature is of a kind that is not supported (not prehashed)");
		return SIGNATURE_WRONG;
	}
	for (size_t i = 0; i < keys->count; i++) {
		if (memcmp(keys->items[i].id, signature.record.id, ID_SIZE) != 0)
			continue;
		if (is_made_by(&keys->items[i], &signature, message, &arena))
			return SIGNATURE_GOOD;
		is_known = true;
	}
	error_set(err, ERROR_STORAGE,
	          is_known ? "the data signed with key %s, or its signature, was changed"
	                   : "it was signed with key %s, which is not trusted",
	          id_text(signature.record.id, &arena));
	return is_known ? SIGNATURE_WRONG : SIGNATURE_FOREIGN;
}

bool signature_check(const struct trusted_key_list *keys, struct str message, struct str signature,
                     struct error *err)
{
	return signature_judge(keys, message, signature, err) == SIGNATURE_GOOD;
}

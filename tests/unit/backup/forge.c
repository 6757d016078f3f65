#include "backup/forge.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static const uint8_t file_key[16] = "YELLOW LADDERS!";
static const uint8_t salt[16] = "sixteen of salt";
static const uint8_t payload_nonce[16] = {'a', ' ', 'n', 'o', 'n', 'c', 'e', ' ',
                                          'o', 'f', ' ', 'b', 'y', 't', 'e', 's'};
static const uint8_t zero_nonce[12];

const uint8_t forge_share[32] = {
    /* of the ephemeral secret 0x00 01 02 ... 1f */
    0x8f, 0x40, 0xc5, 0xad, 0xb6, 0x8f, 0x25, 0x62, 0x4a, 0xe5, 0xb2, 0x14, 0xea, 0x76, 0x7a, 0x6e,
    0xc9, 0x4d, 0x82, 0x9d, 0x3d, 0x7b, 0x5e, 0x1a, 0xd1, 0xba, 0x6f, 0x3e, 0x21, 0x38, 0x28, 0x5f,
};

static void hmac(const void *key, size_t key_size, const void *text, size_t size, uint8_t out[32])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_size);
	crypto_auth_hmacsha256_update(&state, text, size);
	crypto_auth_hmacsha256_final(&state, out);
}

static void hkdf(const void *secret, size_t secret_size, const void *its_salt, size_t salt_size,
                 const char *info, uint8_t out[32])
{
	uint8_t extracted[32], message[65] = {0};

	memcpy(message, info, strlen(info));
	message[strlen(info)] = 1;
	hmac(its_salt, salt_size, secret, secret_size, extracted);
	hmac(extracted, sizeof(extracted), message, strlen(info) + 1, out);
}

static char *text_of(struct arena *arena, const void *bytes, size_t size)
{
	const size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);

	return sodium_bin2base64(arena_alloc(arena, room), room, bytes, size,
	                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

static char *wrapped_text(struct arena *arena, const uint8_t wrapping[32])
{
	uint8_t body[32];

	crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key, sizeof(file_key), NULL, 0, NULL,
	                                          zero_nonce, wrapping);
	return text_of(arena, body, sizeof(body));
}

/* --- stanzas ------------------------------------------------------------- */

char *forge_share_text(struct arena *arena)
{
	return text_of(arena, forge_share, sizeof(forge_share));
}

char *forge_body_text(struct arena *arena)
{
	uint8_t ephemeral[32], identity[32], recipient[32], shared[32], both[64], wrapping[32];

	for (uint8_t i = 0; i < 32; i++)
		ephemeral[i] = i;
	memset(identity, 0x42, sizeof(identity));
	crypto_scalarmult_curve25519_base(recipient, identity);
	assert_int_equal(crypto_scalarmult_curve25519(shared, ephemeral, recipient), 0);
	memcpy(both, forge_share, 32);
	memcpy(both + 32, recipient, 32);
	hkdf(shared, sizeof(shared), both, sizeof(both), "age-encryption.org/v1/X25519", wrapping);
	return wrapped_text(arena, wrapping);
}

char *forge_x25519(struct arena *arena)
{
	return arena_printf(arena, "X25519 %s\n%s\n", forge_share_text(arena), forge_body_text(arena));
}

const char *forge_salt(void)
{
	static char text[32];

	return sodium_bin2base64(text, sizeof(text), salt, sizeof(salt),
	                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

char *forge_scrypt(struct arena *arena, const char *salt_text, const char *work_factor)
{
	const int factor = atoi(work_factor) >= 1 && atoi(work_factor) <= 12 ? atoi(work_factor) : 1;
	uint8_t whole[44], wrapping[32];

	memcpy(whole, "age-encryption.org/v1/scrypt", 28);
	memcpy(whole + 28, salt, sizeof(salt));
	CHECK(crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)FORGE_PASSPHRASE, strlen(FORGE_PASSPHRASE),
	                                            whole, sizeof(whole), 1ull << factor, 8, 1, wrapping,
	                                            sizeof(wrapping)) == 0);
	return arena_printf(arena, "scrypt %s%s%s\n%s\n", salt_text, *work_factor ? " " : "", work_factor,
	                    wrapped_text(arena, wrapping));
}

char *forge_mac_text(struct arena *arena, const char *until_mark)
{
	uint8_t key[32], mac[32];

	hkdf(file_key, sizeof(file_key), "", 0, "header", key);
	hmac(key, sizeof(key), until_mark, strlen(until_mark), mac);
	return text_of(arena, mac, sizeof(mac));
}

char *forge_header(struct arena *arena, const char *stanzas)
{
	const char *until_mark = arena_printf(arena, "age-encryption.org/v1\n%s---", stanzas);

	return arena_printf(arena, "%s %s\n", until_mark, forge_mac_text(arena, until_mark));
}

/* --- payload ------------------------------------------------------------- */

void forge_nonce(struct buffer *file)
{
	buffer_add(file, (struct str){(const char *)payload_nonce, sizeof(payload_nonce)});
}

void forge_chunk(struct buffer *file, uint64_t number, bool is_last, char letter, size_t len)
{
	static uint8_t plain[FORGE_CHUNK], sealed[FORGE_SEALED];
	uint8_t key[32], nonce[12] = {0};

	hkdf(file_key, sizeof(file_key), payload_nonce, sizeof(payload_nonce), "payload", key);
	nonce[10] = (uint8_t)number;
	nonce[9] = (uint8_t)(number >> 8);
	nonce[11] = is_last;
	memset(plain, letter, len);
	crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, plain, len, NULL, 0, NULL, nonce, key);
	buffer_add(file, (struct str){(const char *)sealed, len + 16});
}

struct str forge_file(struct arena *arena, const char *stanzas)
{
	struct buffer file = {.arena = arena};

	buffer_text(&file, forge_header(arena, stanzas));
	forge_nonce(&file);
	forge_chunk(&file, 0, true, 'x', 3);
	return buffer_str(&file);
}

/* --- reading and writing with ours ---------------------------------------- */

/* Unlike memory_open() it keeps what was released when all is given up. */
struct keeper {
	struct sink sink;
	struct buffer *released;
};

static bool keeper_write(struct sink *sink, struct str bytes, struct error *err)
{
	(void)err;
	buffer_add(((struct keeper *)sink)->released, bytes);
	return true;
}

static bool keeper_finish(struct sink *sink, struct error *err)
{
	(void)sink, (void)err;
	return true;
}

static void keeper_forget(struct sink *sink)
{
	(void)sink;
}

static const struct sink_class keeper_class = {keeper_write, keeper_finish, keeper_forget, keeper_forget};

struct reading read_pieces(const struct age_secrets *secrets, struct str file, size_t piece,
                           struct arena *arena)
{
	struct buffer released = {.arena = arena};
	struct keeper keeper = {{&keeper_class, false, false}, &released};
	struct reading reading = {0};
	scoped_sink struct sink *sink = NULL;

	CHECK(age_open(secrets, &keeper.sink, &sink, &reading.err));
	reading.is_good = true;
	for (size_t at = 0; at < file.len && reading.is_good; at += piece)
		reading.is_good = sink_write(sink, str_slice(file, at, at + piece), &reading.err);
	reading.is_good = reading.is_good && sink_finish(sink, &reading.err);
	reading.released = buffer_str(&released);
	return reading;
}

static char *written(const char *text)
{
	static char path[] = "/tmp/rung-unit-secret-XXXXXX";

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	const int fd = mkstemp(path);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return path;
}

struct identity_list *identities_of(const char *text)
{
	struct identity_list *list = NULL;
	struct error err = {0};
	const char *path = written(text);
	const bool is_read = identities_read(path, &list, &err);

	unlink(path);
	if (!is_read)
		fail_msg("%s", err.message);
	return list;
}

struct passphrase *passphrase_text(const char *text)
{
	struct passphrase *passphrase = NULL;
	struct error err = {0};
	const char *path = written(text);

	CHECK(passphrase_read(path, &passphrase, &err));
	unlink(path);
	return passphrase;
}

struct reading read_forged(struct str file, struct arena *arena)
{
	scoped_identities struct identity_list *identities = identities_of(FORGE_IDENTITY);

	return read_pieces(&(struct age_secrets){.identities = identities}, file, file.len + 1, arena);
}

struct reading read_with_passphrase(struct str file, int most_work_factor, struct arena *arena)
{
	scoped_passphrase struct passphrase *passphrase = passphrase_text(FORGE_PASSPHRASE);
	const struct age_secrets secrets = {.passphrase = passphrase, .most_work_factor = most_work_factor};

	return read_pieces(&secrets, file, file.len + 1, arena);
}

struct str sealed_for(const char *const *recipients, const struct passphrase *passphrase, struct str plain,
                      struct arena *arena)
{
	struct buffer file = {.arena = arena};
	struct recipient_list list = {0};
	struct error err = {0};
	scoped_sink struct sink *sink = NULL;

	for (; recipients && *recipients; recipients++)
		CHECK(recipient_parse(*recipients, arena, ARENA_PUSH(arena, list.items, list.count), &err));
	CHECK(age_seal(&list, passphrase, memory_open(&file, plain.len + 1024 * 1024), &sink, &err));
	CHECK(sink_write(sink, plain, &err) && sink_finish(sink, &err));
	return buffer_str(&file);
}

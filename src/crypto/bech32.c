/*
 * BIP 173, for the two texts of 32 bytes that age has: a recipient, and an identity in capitals. A general
 * decoder would have to handle any length; this one knows how long a key is and refuses all else before it
 * looks at a character.
 *
 * Secret keys pass through, so groups are wiped. Looking up a character in the alphabet takes a time that
 * depends on it; the text is read once, from a file of the user who runs this, and there is nobody to measure
 * that.
 *
 * The bits that fill up the last group must be zero: otherwise several texts would mean one key, and
 * comparing texts would not compare keys.
 */
#include "crypto/bech32.h"

#include <assert.h>
#include <string.h>

#include "crypto/secret.h"

/* 256 bits are 51 groups of five and one bit, which four zeros complete; the checksum has six groups. */
enum {
	KEY_GROUPS = 52,
	CHECK_GROUPS = 6,
	GROUPS = KEY_GROUPS + CHECK_GROUPS,
};

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* BIP 173's checksum: a BCH code over groups of five bits; a valid text comes to one. */
static uint32_t checksum_add(uint32_t sum, uint8_t group)
{
	static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
	const uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ group;
	for (int i = 0; i < 5; i++)
		sum ^= (top >> i & 1) ? generator[i] : 0;
	return sum;
}

/* The prefix counts in lower case, its upper bits first. */
static uint32_t checksum_of_prefix(const char *prefix)
{
	uint32_t sum = 1;

	for (const char *c = prefix; *c; c++)
		sum = checksum_add(sum, (uint8_t)char_fold(*c) >> 5);
	sum = checksum_add(sum, 0);
	for (const char *c = prefix; *c; c++)
		sum = checksum_add(sum, (uint8_t)char_fold(*c) & 31);
	return sum;
}

static uint32_t checksum_of_groups(uint32_t sum, const uint8_t *groups, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum = checksum_add(sum, groups[i]);
	return sum;
}

static bool is_capital(const char *prefix)
{
	return prefix[0] >= 'A' && prefix[0] <= 'Z';
}

static bool group_of(char c, bool capital, uint8_t *group)
{
	const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (is_letter && capital != (c <= 'Z'))
		return false;
	const char *found = c ? strchr(alphabet, char_fold(c)) : NULL;
	if (found)
		*group = (uint8_t)(found - alphabet);
	return found != NULL;
}

static bool read_groups(struct str text, const char *prefix, uint8_t groups[GROUPS])
{
	const size_t prefix_len = strlen(prefix);

	if (text.len != prefix_len + 1 + GROUPS || !str_starts(text, prefix) || text.text[prefix_len] != '1')
		return false;
	for (size_t i = 0; i < GROUPS; i++)
		if (!group_of(text.text[prefix_len + 1 + i], is_capital(prefix), &groups[i]))
			return false;
	return checksum_of_groups(checksum_of_prefix(prefix), groups, GROUPS) == 1;
}

/* Between bytes and groups of five bits; false when the rest of the last unit is not zero. */
static bool regroup(const uint8_t *from, size_t from_count, int from_bits, uint8_t *to, size_t to_count,
                    int to_bits)
{
	uint32_t bits = 0;
	int held = 0;
	size_t done = 0;

	for (size_t i = 0; i < from_count; i++) {
		bits = (bits << from_bits | from[i]) & 0xffff;
		for (held += from_bits; held >= to_bits && done < to_count; held -= to_bits)
			to[done++] = (uint8_t)(bits >> (held - to_bits) & ((1u << to_bits) - 1));
	}
	if (done < to_count)
		to[done] = (uint8_t)(bits << (to_bits - held) & ((1u << to_bits) - 1));
	return (bits & ((1u << held) - 1)) == 0;
}

bool bech32_decode(struct str text, const char *prefix, uint8_t out[BECH32_KEY_SIZE])
{
	uint8_t groups[GROUPS];
	const bool is_good =
	    read_groups(text, prefix, groups) && regroup(groups, KEY_GROUPS, 5, out, BECH32_KEY_SIZE, 8);

	secret_wipe(groups, sizeof(groups));
	return is_good;
}

char *bech32_encode(const uint8_t key[BECH32_KEY_SIZE], const char *prefix, char out[BECH32_TEXT_SIZE])
{
	const size_t prefix_len = strlen(prefix);
	uint8_t groups[GROUPS] = {0};

	assert(prefix_len + 1 + GROUPS < BECH32_TEXT_SIZE);
	(void)!regroup(key, BECH32_KEY_SIZE, 8, groups, KEY_GROUPS, 5);
	const uint32_t sum = checksum_of_groups(checksum_of_prefix(prefix), groups, GROUPS) ^ 1;
	for (int i = 0; i < CHECK_GROUPS; i++)
		groups[KEY_GROUPS + i] = sum >> 5 * (CHECK_GROUPS - 1 - i) & 31;

	memcpy(out, prefix, prefix_len);
	out[prefix_len] = '1';
	for (size_t i = 0; i < GROUPS; i++) {
		const char c = alphabet[groups[i]];
		out[prefix_len + 1 + i] = is_capital(prefix) && c >= 'a' ? (char)(c - 'a' + 'A') : c;
	}
	out[prefix_len + 1 + GROUPS] = '\0';
	secret_wipe(groups, sizeof(groups));
	return out;
}

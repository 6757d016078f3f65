/*
 * bech32.h - how age writes its keys: 32 bytes with a prefix and a checksum (BIP 173)
 *
 *	age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj
 *
 * A prefix in capitals makes the whole text capitals. Mixed case, a wrong
 * checksum or length and bits that mean nothing are refused.
 */
#ifndef RUNG_CRYPTO_BECH32_H
#define RUNG_CRYPTO_BECH32_H

#include <stdint.h>

#include "base/str.h"

enum {
	BECH32_KEY_SIZE = 32,
	BECH32_TEXT_SIZE = 96, /* room for any prefix used here, the key and a NUL */
};

bool bech32_decode(struct str text, const char *prefix, uint8_t out[BECH32_KEY_SIZE]);

/* Yields `out`. */
char *bech32_encode(const uint8_t key[BECH32_KEY_SIZE], const char *prefix, char out[BECH32_TEXT_SIZE]);

#endif

/*
 * armor.h - age files as text (strict PEM, RFC 7468)
 *
 * A stage that passes binary files on as they are and turns armored ones into
 * binary. Strict: lines of exactly 64 columns but the last, canonical base64,
 * white space only before and after the block, LF or CRLF.
 */
#ifndef RUNG_CRYPTO_ARMOR_H
#define RUNG_CRYPTO_ARMOR_H

#include "stream/stream.h"

/* Characters of white space before the block, and after it. */
enum { ARMOR_MOST_OUTSIDE = 1024 };

/* Owns `next`. */
struct sink *armor_open(struct sink *next);

#endif

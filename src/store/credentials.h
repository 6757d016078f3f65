/*
 * credentials.h - who we are to object storage
 *
 * From the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN), else from a profile (AWS_PROFILE) of the shared
 * credentials file (AWS_SHARED_CREDENTIALS_FILE, ~/.aws/credentials). Roles
 * of machines and single sign-on are left to what writes that file.
 */
#ifndef RUNG_STORE_CREDENTIALS_H
#define RUNG_STORE_CREDENTIALS_H

#include "base/error.h"
#include "store/sigv4.h"

/* Reads them anew at each call. */
MUST_USE bool credentials_read(struct arena *arena, struct sigv4_key *out, struct error *err);

/* Takes one profile's values out of a file's text; absent ones are left alone. */
void credentials_take(struct str text, const char *profile, struct arena *arena, struct sigv4_key *key);

#endif

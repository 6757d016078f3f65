/*
 * Keys are age's own, read and written as age-keygen does, so that a backup can be opened where rung is not
 * installed. Only X25519 is there. Other kinds are recognised by how they begin and refused by name: "not a
 * recipient" for a key that works elsewhere would send people looking for a typing error.
 *
 * No message shows a secret. A secret key in place of a recipient is recognised before the text is
 * repeated, and of an identity file that cannot be read only the number of the line is told.
 *
 * A new key is never written over an old one: who loses an identity loses the backups it opens. Both files
 * of keygen are looked for before either is written, and the first is taken back if the second fails.
 */
#include "crypto/key.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/bech32.h"
#include "crypto/secret.h"

static const char recipient_prefix[] = "age";
static const char identity_prefix[] = "AGE-SECRET-KEY-";

/* --- recipients ---------------------------------------------------------- */

/* What people have that looks like a recipient and is none for us; the first that fits is told. */
static const struct {
	const char *prefix;
	const char *why;
} foreign_recipients[] = {
    {"age1pq1", "post-quantum recipients are not supported"},
    {"age1tag", "recipients on hardware keys are not supported"},
    {"ssh-", "SSH keys are not supported as recipients"},
};

/* "age1name1...": "1" is no character of the key itself, so a second one ends a plugin's name. */
static bool is_plugin_recipient(const char *text)
{
	return strncmp(text, "age1", 4) == 0 && strchr(text + 4, '1');
}

static const char *why_not_recipient(const char *text)
{
	for (size_t i = 0; i < sizeof(foreign_recipients) / sizeof(*foreign_recipients); i++)
		if (strncmp(text, foreign_recipients[i].prefix, strlen(foreign_recipients[i].prefix)) == 0)
			return foreign_recipients[i].why;
	return is_plugin_recipient(text) ? "recipients of plugins are not supported"
	                                 : "it is not a recipient of age, or was mistyped";
}

static bool refuse_recipient(const char *text, struct error *err)
{
	enum { SHOWN = 24 };

	if (strncasecmp(text, identity_prefix, strlen(identity_prefix)) == 0) {
		error_set(err, ERROR_CONFIG, "cannot encrypt for a secret key");
		return error_hint(err, "Give its public half, \"age1...\": age-keygen -y prints it.");
	}
	error_set(err, ERROR_CONFIG, "cannot encrypt for \"%.*s%s\": %s", SHOWN, text,
	          strlen(text) > SHOWN ? "..." : "", why_not_recipient(text));
	if (strchr(text, ','))
		return error_hint(err, "Separate recipients by blanks.");
	return error_hint(
	    err, "A recipient is \"age1\" and 58 characters, as \"rung keygen\" and age-keygen print it.");
}

/* Points of low order have no secret: whatever is encrypted for one, everybody can read. */
static bool is_safe(const uint8_t public_key[32])
{
	static const uint8_t any[32] = {8};
	uint8_t shared[32];

	return crypto_scalarmult_curve25519(shared, any, public_key) == 0;
}

bool recipient_parse(const char *text, struct arena *arena, struct recipient *out, struct error *err)
{
	struct recipient recipient = {.text = text};

	if (!bech32_decode(str_of(text), recipient_prefix, recipient.public_key))
		return refuse_recipient(text, err);
	if (!is_safe(recipient.public_key))
		return error_set(err, ERROR_CONFIG, "cannot encrypt for \"%s\": everybody could read it", text);
	recipient.text = arena_strdup(arena, text);
	*out = recipient;
	return true;
}

/* A line without what does not count; empty when there is nothing to read on it. */
static struct str meaning_of(struct str line)
{
	line = str_trim(line);
	return line.len > 0 && line.text[0] == '#' ? STR("") : line;
}

bool recipients_read(const char *path, struct arena *arena, struct recipient_list *list, struct error *err)
{
	enum { MOST = 1024 * 1024 };
	const size_t before = list->count;
	struct str rest, line;

	if (!file_read(path, MOST, ERROR_STORAGE, arena, &rest, err))
		return false;
	for (int number = 1; str_line_next(&rest, &line); number++) {
		struct recipient recipient;

		if (meaning_of(line).len == 0)
			continue;
		if (!recipient_parse(str_copy(arena, meaning_of(line)), arena, &recipient, err))
			return error_context(err, "while reading \"%s\", line %d", path, number);
		*ARENA_PUSH(arena, list->items, list->count) = recipient;
	}
	if (list->count == before)
		return error_set(err, ERROR_CONFIG, "there is no recipient in \"%s\"", path);
	return true;
}

/* --- identities ---------------------------------------------------------- */

static const char encrypted[] = "identity files that are encrypted themselves are not supported";

static const struct {
	const char *prefix;
	const char *why;
} foreign_identities[] = {
    {"AGE-SECRET-KEY-PQ-1", "post-quantum identities are not supported"},
    {"AGE-PLUGIN-", "identities of plugins are not supported"},
    {"age-encryption.org/", encrypted},
    {"-----BEGIN AGE ENCRYPTED FILE", encrypted},
    {"-----BEGIN ", "only keys of age are supported"},
    {"age1", "it is a recipient, the public half of an identity"},
    {"untrusted comment:", "it is a signing key"},
};

/* From the end, so that the first row that fits has the last word. */
static bool refuse_identity(struct str line, const char *path, int number, struct error *err)
{
	const char *why = "it is not an identity of age, or was damaged";

	for (size_t i = sizeof(foreign_identities) / sizeof(*foreign_identities); i-- > 0;)
		if (str_starts(line, foreign_identities[i].prefix))
			why = foreign_identities[i].why;
	error_set(err, ERROR_CONFIG, "cannot use line %d of \"%s\": %s", number, path, why);
	if (why == encrypted)
		return error_hint(err, "Decrypt it on the fly, in bash: --identity-file <(age -d \"%s\")", path);
	return false;
}

static bool identity_parse(struct str line, struct identity *out)
{
	return bech32_decode(line, identity_prefix, out->secret_key) &&
	       crypto_scalarmult_curve25519_base(out->public_key, out->secret_key) == 0;
}

char *identity_public(const struct identity *identity, struct arena *arena)
{
	char line[BECH32_TEXT_SIZE];

	return arena_strdup(arena, bech32_encode(identity->public_key, recipient_prefix, line));
}

static size_t count_lines(struct str text)
{
	size_t count = 0;

	for (struct str line; str_line_next(&text, &line);)
		count += meaning_of(line).len > 0;
	return count;
}

static bool identities_parse(struct str text, const char *path, struct identity_list *list, struct error *err)
{
	struct str line;

	for (int number = 1; str_line_next(&text, &line); number++) {
		line = meaning_of(line);
		if (line.len == 0)
			continue;
		if (!identity_parse(line, &list->items[list->count]))
			return refuse_identity(line, path, number, err);
		list->count++;
	}
	if (list->count == 0)
		return error_set(err, ERROR_CONFIG, "there is no identity in \"%s\"", path);
	return true;
}

bool identities_read(const char *path, struct identity_list **out, struct error *err)
{
	enum { MOST = 256 * 1024 };
	scoped_secret_text struct secret_text *text = NULL;
	scoped_identities struct identity_list *list = NULL;

	if (!secret_read(path, MOST, &text, err))
		return false;
	list = secret_alloc(sizeof(*list) + count_lines(secret_str(text)) * sizeof(*list->items));
	if (!identities_parse(secret_str(text), path, list, err))
		return false;
	*out = TAKE(list);
	return true;
}

void identities_close(struct identity_list **list)
{
	secret_free(*list);
	*list = NULL;
}

/* --- passphrases --------------------------------------------------------- */

/* A secret_text under a name of its own, so that a passphrase is not taken for any other text. */
static struct passphrase *passphrase_of(struct str text)
{
	return (struct passphrase *)secret_text_copy(text);
}

struct str passphrase_str(const struct passphrase *passphrase)
{
	return secret_str((const struct secret_text *)passphrase);
}

static bool passphrase_from_environment(struct passphrase **out, struct error *err)
{
	const char *text = getenv("RUNG_BACKUP_PASSPHRASE");

	if (!text || !*text)
		return error_set(err, ERROR_CONFIG, "RUNG_BACKUP_PASSPHRASE contains no passphrase");
	*out = passphrase_of(str_of(text));
	return true;
}

bool passphrase_read(const char *path, struct passphrase **out, struct error *err)
{
	enum { MOST = 64 * 1024 };
	scoped_secret_text struct secret_text *text = NULL;
	struct str line;

	if (!path)
		return passphrase_from_environment(out, err);
	if (!secret_read(path, MOST, &text, err))
		return false;
	struct str rest = secret_str(text);
	if (!str_line_next(&rest, &line) || line.len == 0)
		return error_set(err, ERROR_CONFIG, "the first line of \"%s\" contains no passphrase", path);
	*out = passphrase_of(line);
	return true;
}

void passphrase_close(struct passphrase **passphrase)
{
	secret_free(*passphrase);
	*passphrase = NULL;
}

/* --- making keys --------------------------------------------------------- */

static bool identity_make(const char *path, struct arena *arena, const char **recipient, struct error *err)
{
	enum { TEXT_SIZE = 512 };
	scoped_secret_key struct secret_key key;
	scoped_secret_text struct secret_text *text = secret_alloc(sizeof(*text) + TEXT_SIZE);
	char line[BECH32_TEXT_SIZE];
	uint8_t public_key[32];

	secret_random(key.bytes, sizeof(key.bytes));
	crypto_scalarmult_curve25519_base(public_key, key.bytes);
	*recipient = arena_strdup(arena, bech32_encode(public_key, recipient_prefix, line));
	text->len =
	    (size_t)snprintf(text->text, TEXT_SIZE, "# created: %s\n# public key: %s\n%s\n",
	                     clock_timestamp(arena), *recipient, bech32_encode(key.bytes, identity_prefix, line));
	secret_wipe(line, sizeof(line));
	return file_write_new(path, secret_str(text), 0600, err);
}

/*
 * Said before anything is written; file_write_new() would refuse as well, in the system's words. Of two, one
 * alone may be there: anyone who was stopped between them asks for the other by its option.
 */
static bool check_free(const char *path, const char *other, const char *option_of_other, struct error *err)
{
	if (!path || access(path, F_OK) < 0)
		return true;
	error_set(err, ERROR_STORAGE, "\"%s\" exists already; keys are never overwritten", path);
	const char *before =
	    "Without the old key its backups cannot be read. Its public half is in it, after "
	    "\"# public key:\"; for another key choose another name, with --identity-file or --sign-key.";
	if (!other || access(other, F_OK) == 0)
		return error_hint(err, "%s", before);
	return error_hint(err, "%s \"rung keygen %s %s\" makes the other key alone.", before, option_of_other,
	                  other);
}

bool keys_make(const char *identity_path, const char *signing_path, struct arena *arena, struct new_keys *out,
               struct error *err)
{
	struct new_keys keys = {0};

	if (!check_free(identity_path, signing_path, "--sign-key", err) ||
	    !check_free(signing_path, identity_path, "--identity-file", err))
		return false;
	if (identity_path && !identity_make(identity_path, arena, &keys.recipient, err))
		return false;
	if (signing_path && !signing_key_make(signing_path, arena, &keys.trusted_key, err)) {
		if (identity_path)
			unlink(identity_path);
		return false;
	}
	*out = keys;
	return true;
}

#include "crypto/key.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/forge.h"
#include "base/file.h"

/* A directory for one test, gone after it. */
static char *folder_new(struct arena *arena)
{
	char *path = arena_strdup(arena, "/tmp/rung-unit-key-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

static void folder_clear(char **path)
{
	struct error err = {0};

	assert_true(directory_remove(*path, &err));
}

static const char *write_in(struct arena *arena, const char *folder, const char *text, mode_t mode)
{
	const char *path = path_join(arena, folder, "file");
	struct error err = {0};

	CHECK(file_write(path, str_of(text), 0600, &err));
	CHECK(chmod(path, mode) == 0);
	return path;
}

TEST(recipients_of_other_kinds_are_refused_in_a_sentence)
{
	static const struct {
		const char *text;
		const char *refusal;
	} rows[] = {
	    {FORGE_RECIPIENT, NULL},
	    {"age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5",
	     "cannot encrypt for \"age1pq1x34nzsvr0rxjsgdn8...\": post-quantum recipients are not supported"},
	    {"age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e",
	     "cannot encrypt for \"age1tag1qt8lw0ual6avlwmw...\": recipients on hardware keys are not supported"},
	    {"age1tagpq1m3e4wvp6hzcrn9exhy0ae3xfx2sjymp594k3tg7j4dpmj922we65vtnmrt2pyallax8669zqkr2pm",
	     "cannot encrypt for \"age1tagpq1m3e4wvp6hzcrn9...\": recipients on hardware keys are not supported"},
	    {"age1yubikey1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eqyga7gx",
	     "cannot encrypt for \"age1yubikey1zvkyg2lqzraa...\": recipients of plugins are not supported"},
	    {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ",
	     "cannot encrypt for \"ssh-ed25519 AAAAC3NzaC1l...\": SSH keys are not supported as recipients"},
	    {"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk",
	     "cannot encrypt for \"age1zvkyg2lqzraa2lnjvqej...\": it is not a recipient of age, or was mistyped"},
	    {"", "cannot encrypt for \"\": it is not a recipient of age, or was mistyped"},
	    {FORGE_IDENTITY, "cannot encrypt for a secret key"},
	    {"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
	     "cannot encrypt for \"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z\": "
	     "everybody could read it"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct recipient recipient = {0};
		struct error err = {0};

		CHECK_ROW(i, recipient_parse(rows[i].text, &arena, &recipient, &err) == !rows[i].refusal);
		if (rows[i].refusal)
			CHECK_STR(err.message, rows[i].refusal);
		else
			CHECK_STR(recipient.text, rows[i].text);
		CHECK_ROW(i, err.kind == (rows[i].refusal ? ERROR_CONFIG : ERROR_NONE));
	}
}

TEST(recipients_files_are_read_line_by_line)
{
	scoped_arena struct arena arena = {0};
	SCOPED(folder_clear) char *folder = folder_new(&arena);
	struct recipient_list list = {0};
	struct error err = {0};
	const char *path = write_in(&arena, folder,
	                            "# the office\n" FORGE_RECIPIENT "\r\n\n  # the safe\n"
	                            "  age17tf9rpl27d3w3zw6ej80eumglstgqa92k0p54cfuepgvm4qkuq0qy7sx29  ",
	                            0644);

	CHECK(recipients_read(path, &arena, &list, &err) && list.count == 2);
	CHECK(recipients_read(path, &arena, &list, &err) && list.count == 4);
	CHECK_STR(list.items[0].text, FORGE_RECIPIENT);

	CHECK(!recipients_read(write_in(&arena, folder, "# none\n", 0644), &arena, &list, &err));
	CHECK_STR(err.message, arena_printf(&arena, "there is no recipient in \"%s\"", path));
	CHECK(!recipients_read(write_in(&arena, folder, "\nage1x\n", 0644), &arena, &list, &err));
	CHECK_STR(err.context, arena_printf(&arena, "while reading \"%s\", line 2", path));
}

TEST(identities_are_read_from_what_age_keygen_writes)
{
	scoped_identities struct identity_list *list = identities_of(
	    "# created: 2026-11-21T02:52:41Z\r\n# public key: age1...\r\n" FORGE_IDENTITY "\r\n\r\n");
	uint8_t expected[32];

	memset(expected, 0x42, sizeof(expected));
	CHECK(list->count == 1 && memcmp(list->items[0].secret_key, expected, 32) == 0);
}

TEST(what_is_no_identity_is_refused_without_repeating_it)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
	    {"# nothing\n", NULL},
	    {"\nAGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEY\n",
	     "it is not an identity of age, or was damaged"},
	    {"\nage-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex\n",
	     "it is not an identity of age, or was damaged"},
	    {"\nAGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR\n",
	     "post-quantum identities are not supported"},
	    {"\nAGE-PLUGIN-YUBIKEY-1ABC\n", "identities of plugins are not supported"},
	    {"\nage-encryption.org/v1\n-> scrypt\n",
	     "identity files that are encrypted themselves are not supported"},
	    {"\n-----BEGIN AGE ENCRYPTED FILE-----\n",
	     "identity files that are encrypted themselves are not supported"},
	    {"\n-----BEGIN OPENSSH PRIVATE KEY-----\n", "only keys of age are supported"},
	    {"\n" FORGE_RECIPIENT "\n", "it is a recipient, the public half of an identity"},
	    {"\nuntrusted comment: minisign encrypted secret key\n", "it is a signing key"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		SCOPED(folder_clear) char *folder = folder_new(&arena);
		const char *path = write_in(&arena, folder, rows[i].text, 0600);
		struct identity_list *list = NULL;
		struct error err = {0};

		CHECK_ROW(i, !identities_read(path, &list, &err) && !list && err.kind == ERROR_CONFIG);
		CHECK_STR(err.message,
		          rows[i].why ? arena_printf(&arena, "cannot use line 2 of \"%s\": %s", path, rows[i].why)
		                      : arena_printf(&arena, "there is no identity in \"%s\"", path));
	}
}

TEST(secrets_that_others_can_read_are_refused)
{
	static const mode_t modes[] = {0600, 0400, 0700, 0640, 0604, 0620, 0602, 0644, 0666, 0601};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		scoped_arena struct arena arena = {0};
		SCOPED(folder_clear) char *folder = folder_new(&arena);
		const char *path = write_in(&arena, folder, FORGE_IDENTITY "\n", modes[i]);
		const bool is_private = (modes[i] & 077) == 0;
		scoped_identities struct identity_list *list = NULL;
		scoped_passphrase struct passphrase *passphrase = NULL;
		struct error err = {0};

		CHECK_ROW(i, identities_read(path, &list, &err) == is_private);
		CHECK_ROW(i, is_private ||
		                 strcmp(err.message, arena_printf(&arena,
		                                                  "\"%s\" is a secret that others may read or write "
		                                                  "(mode %04o)",
		                                                  path, modes[i])) == 0);
		CHECK_ROW(i, passphrase_read(path, &passphrase, &err) == is_private);
	}
}

TEST(secrets_are_files_or_pipes)
{
	scoped_arena struct arena arena = {0};
	scoped_identities struct identity_list *list = NULL;
	struct error err = {0};
	int ends[2];

	CHECK(!identities_read("/tmp/no/such/key", &list, &err) && err.kind == ERROR_STORAGE);
	CHECK_STR(err.message, "could not read \"/tmp/no/such/key\": No such file or directory");
	CHECK(!identities_read("/tmp", &list, &err) && err.kind == ERROR_CONFIG);
	CHECK(!identities_read("/dev/null", &list, &err));
	CHECK_STR(err.message, "cannot read \"/dev/null\": it is not a regular file");

	CHECK(pipe(ends) == 0 && write(ends[1], FORGE_IDENTITY, strlen(FORGE_IDENTITY)) > 0);
	close(ends[1]);
	CHECK(identities_read(arena_printf(&arena, "/dev/fd/%d", ends[0]), &list, &err) && list->count == 1);
	close(ends[0]);
}

TEST(secrets_have_a_largest_size)
{
	enum { MOST = 256 * 1024 };
	scoped_arena struct arena arena = {0};
	SCOPED(folder_clear) char *folder = folder_new(&arena);
	char *text = arena_alloc(&arena, MOST + 2);
	struct identity_list *list = NULL;
	struct error err = {0};

	memset(text, '\n', MOST + 1);
	CHECK(!identities_read(write_in(&arena, folder, text, 0600), &list, &err));
	assert_non_null(strstr(err.message, "larger than 262144 bytes"));
	memcpy(text + MOST - strlen(FORGE_IDENTITY), FORGE_IDENTITY, strlen(FORGE_IDENTITY) + 1);
	CHECK(identities_read(write_in(&arena, folder, text, 0600), &list, &err));
	identities_close(&list);
}

TEST(passphrases_come_from_a_first_line_or_the_environment)
{
	scoped_arena struct arena arena = {0};
	SCOPED(folder_clear) char *folder = folder_new(&arena);
	scoped_passphrase struct passphrase *of_file = NULL, *of_environment = NULL;
	struct passphrase *none = NULL;
	struct error err = {0};

	CHECK(passphrase_read(write_in(&arena, folder, " with blanks \r\nsecond\n", 0600), &of_file, &err));
	CHECK(str_is(passphrase_str(of_file), " with blanks "));
	CHECK(!passphrase_read(write_in(&arena, folder, "\nsecond\n", 0600), &none, &err));
	CHECK(!passphrase_read(write_in(&arena, folder, "", 0600), &none, &err));
	assert_non_null(strstr(err.message, "contains no passphrase"));

	setenv("RUNG_BACKUP_PASSPHRASE", "from outside", 1);
	CHECK(passphrase_read(NULL, &of_environment, &err));
	CHECK(str_is(passphrase_str(of_environment), "from outside"));
	setenv("RUNG_BACKUP_PASSPHRASE", "", 1);
	CHECK(!passphrase_read(NULL, &none, &err) && !none);
	unsetenv("RUNG_BACKUP_PASSPHRASE");
	CHECK(!passphrase_read(NULL, &none, &err) && !none);
	CHECK_STR(err.message, "RUNG_BACKUP_PASSPHRASE contains no passphrase");
}

TEST(new_keys_are_their_owners_alone_and_work)
{
	scoped_arena struct arena arena = {0};
	SCOPED(folder_clear) char *folder = folder_new(&arena);
	const char *identity_path = path_join(&arena, folder, "identity");
	const char *signing_path = path_join(&arena, folder, "signing");
	scoped_identities struct identity_list *identities = NULL;
	scoped_signing_key struct signing_key *signing = NULL;
	struct recipient recipient;
	struct new_keys keys;
	struct error err = {0};
	struct stat info;

	CHECK(keys_make(identity_path, signing_path, &arena, &keys, &err));
	CHECK(stat(identity_path, &info) == 0 && (info.st_mode & 07777) == 0600);
	CHECK(stat(signing_path, &info) == 0 && (info.st_mode & 07777) == 0600);
	CHECK(identities_read(identity_path, &identities, &err) && identities->count == 1);
	CHECK(recipient_parse(keys.recipient, &arena, &recipient, &err));
	CHECK(memcmp(recipient.public_key, identities->items[0].public_key, 32) == 0);
	CHECK(signing_key_read(signing_path, &signing, &err));
	CHECK_STR(signing_key_public(signing, &arena), keys.trusted_key);
}

TEST(new_keys_never_replace_old_ones)
{
	scoped_arena struct arena arena = {0};
	SCOPED(folder_clear) char *folder = folder_new(&arena);
	const char *taken = write_in(&arena, folder, "an old key", 0600);
	const char *free_path = path_join(&arena, folder, "free");
	struct new_keys keys;
	struct error err = {0};
	struct str text;

	CHECK(!keys_make(taken, free_path, &arena, &keys, &err) && !file_exists(free_path));
	CHECK_STR(err.message, arena_printf(&arena, "\"%s\" exists already; keys are never overwritten", taken));
	CHECK(!keys_make(free_path, taken, &arena, &keys, &err) && !file_exists(free_path));
	CHECK(!keys_make(free_path, free_path, &arena, &keys, &err) && !file_exists(free_path));
	CHECK(!keys_make(free_path, path_join(&arena, folder, "no/such/folder"), &arena, &keys, &err));
	CHECK(!file_exists(free_path));
	CHECK(file_read(taken, 100, ERROR_STORAGE, &arena, &text, &err) && str_is(text, "an old key"));
	CHECK(keys_make(NULL, free_path, &arena, &keys, &err) && !keys.recipient && keys.trusted_key);
}

/*
 * agetool.c - the formats of src/backup/ by hand, for cases and benchmarks
 *
 *	agetool seal RECIPIENT... | -p PASSPHRASE_FILE | -R RECIPIENTS_FILE   <plain >encrypted
 *	agetool open IDENTITY_FILE | -p PASSPHRASE_FILE [MOST_WORK_FACTOR]    <encrypted >plain
 *	agetool sign SECRET_KEY_FILE FILE COMMENT                             >FILE.minisig
 *	agetool check PUBLIC_KEY FILE SIGNATURE_FILE
 *
 * Built by the tests; not part of what is installed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/age.h"
#include "crypto/key.h"

static bool pump(struct sink *sink, struct error *err)
{
	static char piece[1024 * 1024]; /* as the compressor and a spool hand on */
	ssize_t got;

	while ((got = read(STDIN_FILENO, piece, sizeof(piece))) > 0)
		if (!sink_write(sink, (struct str){piece, (size_t)got}, err))
			return false;
	if (got < 0)
		return error_set(err, ERROR_STORAGE, "could not read: %m");
	return sink_finish(sink, err);
}

static bool gather_recipients(char **argv, struct arena *arena, struct recipient_list *out, struct error *err)
{
	if (argv[0] && strcmp(argv[0], "-R") == 0)
		return recipients_read(argv[1], arena, out, err);
	for (; *argv; argv++)
		if (!recipient_parse(*argv, arena, ARENA_PUSH(arena, out->items, out->count), err))
			return false;
	return true;
}

static bool seal(char **argv, struct arena *arena, struct error *err)
{
	const bool by_passphrase = argv[0] && strcmp(argv[0], "-p") == 0;
	scoped_passphrase struct passphrase *passphrase = NULL;
	scoped_sink struct sink *sink = NULL;
	struct recipient_list recipients = {0};

	if (by_passphrase ? !passphrase_read(argv[1], &passphrase, err)
	                  : !gather_recipients(argv, arena, &recipients, err))
		return false;
	return age_seal(&recipients, passphrase, descriptor_open(STDOUT_FILENO, "the output"), &sink, err) &&
	       pump(sink, err);
}

static bool open_(char **argv, struct arena *arena, struct error *err)
{
	const bool by_passphrase = argv[0] && strcmp(argv[0], "-p") == 0;
	scoped_passphrase struct passphrase *passphrase = NULL;
	scoped_identities struct identity_list *identities = NULL;
	scoped_sink struct sink *sink = NULL;

	(void)arena;
	if (by_passphrase ? !passphrase_read(argv[1], &passphrase, err)
	                  : !identities_read(argv[0], &identities, err))
		return false;
	const struct age_secrets secrets = {
	    .identities = identities,
	    .passphrase = passphrase,
	    .most_work_factor = by_passphrase && argv[2] ? atoi(argv[2]) : 0,
	};
	return age_open(&secrets, descriptor_open(STDOUT_FILENO, "the output"), &sink, err) && pump(sink, err);
}

static bool read_file(const char *path, struct arena *arena, struct str *out, struct error *err)
{
	return file_read(path, 64 * 1024 * 1024, ERROR_STORAGE, arena, out, err);
}

static bool sign(char **argv, struct arena *arena, struct error *err)
{
	scoped_signing_key struct signing_key *key = NULL;
	struct str message = {0}, text = {0};

	if (!signing_key_read(argv[0], &key, err) || !read_file(argv[1], arena, &message, err) ||
	    !signature_make(key, message, argv[2], arena, &text, err))
		return false;
	fwrite(text.text, 1, text.len, stdout);
	return true;
}

static bool check(char **argv, struct arena *arena, struct error *err)
{
	struct trusted_key_list keys = {0};
	struct str message, text;

	return trusted_key_read(argv[0], arena, &keys, err) && read_file(argv[1], arena, &message, err) &&
	       read_file(argv[2], arena, &text, err) && signature_check(&keys, message, text, err);
}

static const struct {
	const char *name;
	int least_arguments;
	bool (*run)(char **argv, struct arena *arena, struct error *err);
} actions[] = {{"seal", 0, seal}, {"open", 1, open_}, {"sign", 3, sign}, {"check", 3, check}};

int main(int argc, char **argv)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};

	for (size_t i = 0; argc > 1 && i < sizeof(actions) / sizeof(*actions); i++) {
		if (strcmp(actions[i].name, argv[1]) != 0 || argc - 2 < actions[i].least_arguments)
			continue;
		if (actions[i].run(argv + 2, &arena, &err))
			return 0;
		fprintf(stderr, "agetool: %s\n%s\n", err.message, err.context);
		return error_exit_code(err.kind);
	}
	fputs("agetool: seal, open, sign or check\n", stderr);
	return 2;
}

/*
 * storetool.c - the stores without the rest of the program
 *
 *	storetool [OPTION...] URL put NAME <FILE
 *	storetool [OPTION...] URL begin NAME <FILE     writes, then discards
 *	storetool [OPTION...] URL get NAME >FILE
 *	storetool [OPTION...] URL list [PREFIX]        "size name" a line
 *	storetool [OPTION...] URL remove NAME          says until when it is only hidden
 *	storetool [OPTION...] URL sweep                says how many were removed
 *	storetool [OPTION...] URL check                opens it for writing
 *	storetool [OPTION...] s3://BUCKET ask METHOD [QUERY] <BODY   any signed request to a bucket
 *
 *	--expect BYTES  --patience-ms N  --retry-ms N  --chunk BYTES  --header NAME=VALUE
 *
 * Ends with the exit code the program would end with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/interrupt.h"
#include "store/bucket.h"

static struct http_header header;
static size_t chunk_size = 64 * 1024 + 16;

static bool push_input(struct sink *sink, struct error *err)
{
	scoped_malloced char *chunk = malloc(chunk_size);

	for (;;) {
		const size_t got = fread(chunk, 1, chunk_size, stdin);

		if (got == 0)
			return interrupt_check(err);
		if (!interrupt_check(err) || !sink_write(sink, (struct str){chunk, got}, err))
			return false;
	}
}

static bool run_put(struct store *store, const char *name, struct error *err)
{
	scoped_sink struct sink *sink = NULL;

	return store_put(store, name, &sink, err) && push_input(sink, err) && sink_finish(sink, err);
}

static bool run_begin(struct store *store, const char *name, struct error *err)
{
	scoped_sink struct sink *sink = NULL;

	return store_put(store, name, &sink, err) && push_input(sink, err);
}

static bool run_get(struct store *store, const char *name, struct error *err)
{
	scoped_sink struct sink *into = descriptor_open(STDOUT_FILENO, "standard output");

	return store_get(store, name, into, err);
}

static bool run_list(struct store *store, const char *prefix, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct object_list list;

	if (!store_list(store, prefix, &arena, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		printf("%llu %s\n", (unsigned long long)list.items[i].size, list.items[i].name);
	return true;
}

static bool run_remove(struct store *store, const char *name, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *until;

	if (!store_remove(store, name, &arena, &until, err))
		return false;
	printf(until ? "hidden, retained until %s\n" : "removed\n", until);
	return true;
}

static bool run_sweep(struct store *store, const char *name, struct error *err)
{
	size_t removed;

	(void)name;
	if (!store_sweep(store, &removed, err))
		return false;
	printf("%zu\n", removed);
	return true;
}

static bool run_check(struct store *store, const char *name, struct error *err)
{
	(void)name, (void)err;
	printf("%s\n", store_name(store));
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct store *store, const char *name, struct error *err);
	bool will_write;
} verbs[] = {
    {"put", run_put, false},    {"begin", run_begin, false},   {"get", run_get, false},
    {"list", run_list, false},  {"remove", run_remove, false}, {"sweep", run_sweep, false},
    {"check", run_check, true},
};

/* What making buckets and policies takes, which the stores never do. */
static bool ask(struct bucket *bucket, const char *method, const char *query, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer body = {.arena = &arena};
	scoped_sink struct sink *into = memory_open(&body, 1024 * 1024);
	struct bucket_call call = {.method = method};
	struct bucket_answer answer;

	if (strcmp(method, "PUT") == 0 && !push_input(into, err))
		return false;
	call.body = buffer_str(&body);
	if (query)
		http_header_add(&call.query, &arena, query, "");
	if (header.name)
		http_header_add(&call.headers, &arena, header.name, header.value);
	if (!bucket_must(bucket, &call, "do that", &arena, &answer, err))
		return false;
	fwrite(answer.http.body.text, 1, answer.http.body.len, stdout);
	return true;
}

static int say(const struct error *err)
{
	fprintf(stderr, "%s\n", err->message);
	for (size_t i = 0; i < 3; i++) {
		const char *more = (const char *[]){err->detail, err->hint, err->context}[i];

		if (*more)
			fprintf(stderr, "%s\n", more);
	}
	return error_exit_code(err->kind);
}

static int run(const struct store_options *options, size_t verb, const char *name)
{
	scoped_store struct store *store = NULL;
	struct error err = {0};

	return store_open(options, &store, &err) && verbs[verb].run(store, name, &err) ? 0 : say(&err);
}

static int run_ask(const struct store_options *options, const char *method, const char *query)
{
	scoped_bucket struct bucket *bucket = NULL;
	struct error err = {0};

	return bucket_open(options, &bucket, &err) && ask(bucket, method, query, &err) ? 0 : say(&err);
}

static void read_option(struct store_options *options, const char *name, char *value)
{
	const unsigned long long number = strtoull(value, NULL, 10);

	if (strcmp(name, "--expect") == 0)
		options->expected_size = number;
	else if (strcmp(name, "--patience-ms") == 0)
		options->patience_ms = (int64_t)number;
	else if (strcmp(name, "--retry-ms") == 0)
		options->retry_ms = (int64_t)number;
	else if (strcmp(name, "--chunk") == 0)
		chunk_size = number;
	else if (strcmp(name, "--header") == 0 && strchr(value, '='))
		header = (struct http_header){strtok(value, "="), strtok(NULL, "")};
}

int main(int argc, char **argv)
{
	struct store_options options = {0};
	int at = 1;

	interrupt_install();
	for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2)
		read_option(&options, argv[at], argv[at + 1]);
	if (at + 2 < argc && strcmp(argv[at + 1], "ask") == 0) {
		options.url = argv[at];
		return run_ask(&options, argv[at + 2], argv[at + 3]);
	}
	for (size_t i = 0; at + 1 < argc && i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(argv[at + 1], verbs[i].name) != 0)
			continue;
		options.url = argv[at];
		options.will_write = verbs[i].will_write;
		return run(&options, i, at + 2 < argc ? argv[at + 2] : "");
	}
	fprintf(stderr, "storetool: the comment at the top of its source says how to use it\n");
	return 2;
}

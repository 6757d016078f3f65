/*
 * Three ways into the new database. From a stream: pg_restore, in one transaction where newer_settings.h
 * lets it. By several jobs: each reads at its own place, which a pipe cannot do ("-j" refuses standard
 * input), so the archive is first copied, readable, into a file without a name. A script: psql, after
 * the guard.
 *
 * Files without a name are handed over as /proc/self/fd/N and not as the descriptor alone: opening that
 * path gives each process a position of its own, at the beginning. With jobs the archive is an argument,
 * and standard input is free for the list of what is restored.
 *
 * The order of psql's arguments is the order in which it obeys: timeouts, role, restriction, then the
 * script. The key of the restriction is random, because a script that knew it could write the \unrestrict
 * that ends it.
 */
#include "backup/restore/restore_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/script/script_guard.h"
#include "base/child.h"
#include "base/digest.h"
#include "base/scratch.h"
#include "crypto/secret.h"
#include "pg/query.h"

static const char *const *archive_arguments(struct restoring *it, const char *mode, const char *section,
                                            const char *file)
{
	struct arena *arena = it->arena;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = it->pg_restore;
	if (!it->newer.unknown)
		*ARENA_PUSH(arena, argv, count) = "--exit-on-error";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	if (mode)
		*ARENA_PUSH(arena, argv, count) = mode;
	if (section)
		*ARENA_PUSH(arena, argv, count) = section;
	if (it->options->connection.role)
		*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--role=%s", it->options->connection.role);
	if (it->options->no_owner)
		*ARENA_PUSH(arena, argv, count) = "--no-owner";
	if (it->options->no_acl)
		*ARENA_PUSH(arena, argv, count) = "--no-acl";
	if (it->list_fd > 0)
		*ARENA_PUSH(arena, argv, count) =
		    file ? "--use-list=/dev/stdin" : arena_printf(arena, "--use-list=/proc/self/fd/%d", it->list_fd);
	if (it->no_tablespaces)
		*ARENA_PUSH(arena, argv, count) = "--no-tablespaces";
	if (file)
		*ARENA_PUSH(arena, argv, count) = file;
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

/* After it psql obeys no command but the one that nobody else can write. */
static const char *restriction(struct arena *arena)
{
	uint8_t key[16];

	secret_random(key, sizeof(key));
	return arena_printf(arena, "--command=\\restrict %s", hex_text(arena, key, sizeof(key)));
}

static const char *const *script_arguments(struct restoring *it, bool has_restriction)
{
	struct arena *arena = it->arena;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = it->psql;
	*ARENA_PUSH(arena, argv, count) = "--no-psqlrc";
	*ARENA_PUSH(arena, argv, count) = "--quiet";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = "--single-transaction";
	*ARENA_PUSH(arena, argv, count) = "--set=ON_ERROR_STOP=1";
	*ARENA_PUSH(arena, argv, count) = "--set=VERBOSITY=verbose"; /* for the SQLSTATE; see restore_run.c */
	*ARENA_PUSH(arena, argv, count) = "--output=/dev/null";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--command=%s", SQL_pg_lift_timeouts);
	if (it->options->connection.role)
		*ARENA_PUSH(arena, argv, count) =
		    arena_printf(arena, "--command=SET ROLE %s", quote_name(arena, it->options->connection.role));
	if (has_restriction)
		*ARENA_PUSH(arena, argv, count) = restriction(arena);
	*ARENA_PUSH(arena, argv, count) = "--file=-";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

static bool open_program(struct restoring *it, const char *const *argv, struct sink **out, struct error *err)
{
	it->argv = argv;
	it->pipe = (struct pipe_options){.argv = argv,
	                                 .environment = it->environment,
	                                 .circumstance = "while restoring",
	                                 .inherited = it->list_fd,
	                                 .watch = newer_settings_watch,
	                                 .excuse = newer_settings_excuse,
	                                 .watcher = &it->newer};
	return pipe_open(&it->pipe, NULL, out, err);
}

/* The guard again: it takes out what the restriction would not let pass. Then what the server would not. */
static bool open_script(struct restoring *it, struct sink **out, struct error *err)
{
	bool has_restriction;
	struct sink *psql;

	if (!script_guard_probe(it->psql, it->arena, &has_restriction, err) ||
	    !open_program(it, script_arguments(it, has_restriction), &psql, err))
		return false;
	*out = script_guard_open(has_restriction, newer_settings_open(session_server_version(it->beside), psql));
	return true;
}

/* Several jobs read the file at different places, which a pipe does not allow. */
static bool open_fill(void *context, enum core core, struct sink **out, struct error *err)
{
	struct restoring *it = context;

	if (core == CORE_SQL)
		return open_script(it, out, err);
	if (it->plain_fd > 0) {
		*out = descriptor_open(it->plain_fd, "the copy for several jobs");
		return true;
	}
	const char *mode = it->newer.unknown ? NULL : "--single-transaction";
	return open_program(it, archive_arguments(it, mode, NULL, NULL), out, err);
}

/* The second pass over the same bytes: spool_push() refuses what is not what was proven. */
static bool fill_at_once(struct restoring *it, struct spool *spool, struct error *err)
{
	const struct unwrap_options unwrapping = {.secrets = it->options->secrets,
	                                          .most_size = it->options->most_size,
	                                          .is_sealed = it->options->is_sealed,
	                                          .may_be_script = it->options->may_be_script,
	                                          .open = open_fill,
	                                          .context = it};

	return restoring_push(it, &unwrapping, spool, "restoring", err);
}

/*
 * A section at a time: left to itself, pg_restore makes the triggers of a partitioned table, which has no
 * rows of its own, while rows still go into its partitions, and they fire.
 */
static bool run_jobs(struct restoring *it, const char *section, struct error *err)
{
	struct child_result result;
	const struct newer_settings newer = {.unknown = it->newer.unknown, .by_jobs = true};
	const struct child_options child = {
	    .argv = archive_arguments(it, arena_printf(it->arena, "--jobs=%d", it->options->jobs), section,
	                              arena_printf(it->arena, "/proc/self/fd/%d", it->plain_fd)),
	    .environment = it->environment,
	    .input = it->list,
	    .capture = true,
	    .dies_with_us = true,
	    .inherited = it->plain_fd,
	    .excuse = newer_settings_excuse,
	    .watcher = &newer,
	};

	return child_must_run(&child, it->arena, &result, err) || error_context(err, "while restoring");
}

static bool fill_by_jobs(struct restoring *it, struct spool *spool, struct error *err)
{
	scoped_fd int fd = -1;

	if (!scratch_open((int64_t)it->options->most_size, &fd, err))
		return error_context(err, "while copying the archive for several jobs");
	it->plain_fd = fd;
	if (!fill_at_once(it, spool, err))
		return false;
	return run_jobs(it, "--section=pre-data", err) && run_jobs(it, "--section=data", err) &&
	       run_jobs(it, "--section=post-data", err);
}

/* Where something is left out: in a file for a pg_restore that has the archive as its input. */
static bool write_list(struct restoring *it, struct error *err)
{
	if (!it->rights.skipped_text)
		return true;
	it->list = skip_list(&it->proof->list, it->rights.skipped, it->arena);
	if (!scratch_open((int64_t)it->list.len, &it->list_fd, err))
		return error_context(err, "while writing the list of what is restored");
	scoped_sink struct sink *sink = descriptor_open(it->list_fd, "the list of what is restored");
	return sink_write(sink, it->list, err) && sink_finish(sink, err);
}

bool fill_database(struct restoring *it, struct spool *spool, struct error *err)
{
	const bool by_jobs = it->options->jobs > 1 && it->proof->core == CORE_ARCHIVE;

	if (!write_list(it, err))
		return false;
	return by_jobs ? fill_by_jobs(it, spool, err) : fill_at_once(it, spool, err);
}

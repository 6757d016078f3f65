#include "backup/restoring.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"

static const char *const *archive_arguments(struct restoring *it, const char *mode, const char *section,
                                            const char *file)
{
	struct arena *arena = it->arena;
	const char **argv = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, argv, count) = it->pg_restore;
	*ARENA_PUSH(arena, argv, count) = "--exit-on-error";
	*ARENA_PUSH(arena, argv, count) = "--no-password";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	*ARENA_PUSH(arena, argv, count) = mode;
	if (section)
		*ARENA_PUSH(arena, argv, count) = section;
	if (it->options->connection.role)
		*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--role=%s", it->options->connection.role);
	if (it->options->no_owner)
		*ARENA_PUSH(arena, argv, count) = "--no-owner";
	if (it->options->no_acl)
		*ARENA_PUSH(arena, argv, count) = "--no-acl";
	if (it->no_tablespaces)
		*ARENA_PUSH(arena, argv, count) = "--no-tablespaces";
	if (file)
		*ARENA_PUSH(arena, argv, count) = file;
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

static const char *const *script_arguments(struct restoring *it)
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
	*ARENA_PUSH(arena, argv, count) = "--output=/dev/null";
	*ARENA_PUSH(arena, argv, count) = "--file=-";
	*ARENA_PUSH(arena, argv, count) = arena_printf(arena, "--dbname=%s", it->address);
	*ARENA_PUSH(arena, argv, count) = NULL;
	return argv;
}

/* Several jobs read the file at different places, which a pipe does not allow. */
static bool open_fill(void *context, enum core core, struct sink **out, struct error *err)
{
	struct restoring *it = context;

	if (core == CORE_ARCHIVE && it->plain_fd > 0) {
		*out = descriptor_open(it->plain_fd, "the copy for several jobs");
		return true;
	}
	it->argv = core == CORE_ARCHIVE ? archive_arguments(it, "--single-transaction", NULL, NULL)
	                                : script_arguments(it);
	it->pipe = (struct pipe_options){
	    .argv = it->argv, .environment = it->environment, .circumstance = "while restoring"};
	return pipe_open(&it->pipe, NULL, out, err);
}

static bool fill_at_once(struct restoring *it, struct spool *spool, struct error *err)
{
	const struct peel_options peeling = {.secrets = it->options->secrets,
	                                     .most_size = it->options->most_size,
	                                     .is_sealed = it->options->is_sealed,
	                                     .may_be_script = it->options->may_be_script,
	                                     .open = open_fill,
	                                     .context = it};

	return restoring_push(it, &peeling, spool, "restoring", err);
}

static int open_nameless(struct arena *arena)
{
	const char *directory = getenv("TMPDIR");
	char *path = path_join(arena, directory && *directory ? directory : "/var/tmp", "rung-jobs.XXXXXX");
	const int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

/*
 * A section at a time: left to itself, pg_restore makes the triggers of a partitioned table, which has no
 * rows of its own, while rows still go into its partitions, and they fire.
 */
static bool run_jobs(struct restoring *it, const char *section, struct error *err)
{
	struct child_result result;
	const struct child_options child = {
	    .argv = archive_arguments(it, arena_printf(it->arena, "--jobs=%d", it->options->jobs), section,
	                              arena_printf(it->arena, "/proc/self/fd/%d", it->plain_fd)),
	    .environment = it->environment,
	    .capture = true,
	    .dies_with_us = true,
	    .inherited = it->plain_fd,
	};

	return child_must_run(&child, it->arena, &result, err) || error_context(err, "while restoring");
}

static bool fill_by_jobs(struct restoring *it, struct spool *spool, struct error *err)
{
	scoped_fd int fd = open_nameless(it->arena);

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not create a temporary file: %m");
	it->plain_fd = fd;
	if (!fill_at_once(it, spool, err))
		return false;
	return run_jobs(it, "--section=pre-data", err) && run_jobs(it, "--section=data", err) &&
	       run_jobs(it, "--section=post-data", err);
}

bool fill_database(struct restoring *it, struct spool *spool, struct error *err)
{
	const bool by_jobs = it->options->jobs > 1 && it->proof->core == CORE_ARCHIVE;

	return by_jobs ? fill_by_jobs(it, spool, err) : fill_at_once(it, spool, err);
}

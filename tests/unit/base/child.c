#include "base/child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "test.h"

static struct child_options shell(const char *const *argv)
{
	return (struct child_options){.argv = argv, .capture = true};
}

#define SHELL(script) shell((const char *const[]){"sh", "-c", script, NULL})

TEST(child_gives_output_and_exit_code)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	const struct child_options options = SHELL("echo out; echo problem >&2; exit 3");

	CHECK(child_run(&options, &arena, &result, &err));
	CHECK_INT(result.exit_code, 3);
	CHECK(str_is(result.output, "out\n"));
	CHECK(str_is(result.errors, "problem\n"));
}

TEST(child_has_our_environment_but_not_our_secrets)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	const struct child_options options =
	    SHELL("echo \"$RUNG_TEST_WORD|$RUNG_BACKUP_PASSPHRASE$RUNG_SIGN_PASSPHRASE$RUNG_BACKUP_TOKEN\"");

	setenv("RUNG_TEST_WORD", "seen", 1);
	setenv("RUNG_BACKUP_PASSPHRASE", "secret", 1);
	setenv("RUNG_SIGN_PASSPHRASE", "secret", 1);
	setenv("RUNG_BACKUP_TOKEN", "secret", 1);
	CHECK(child_run(&options, &arena, &result, &err));
	CHECK(str_is(result.output, "seen|\n"));
	unsetenv("RUNG_TEST_WORD");
	unsetenv("RUNG_BACKUP_PASSPHRASE");
	unsetenv("RUNG_SIGN_PASSPHRASE");
	unsetenv("RUNG_BACKUP_TOKEN");
}

TEST(child_is_fed_while_it_speaks)
{
	scoped_arena struct arena arena = {0};
	const size_t size = 1024 * 1024; /* more than two pipes hold */
	char *text = arena_alloc(&arena, size);
	struct child_result result;
	struct error err = {0};
	struct child_options options = SHELL("cat");

	memset(text, 'x', size);
	options.input = (struct str){text, size};
	CHECK(child_run(&options, &arena, &result, &err));
	CHECK_INT(result.output.len, size);
}

TEST(child_is_fed_also_when_nobody_listens)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	struct child_options options = SHELL("test \"$(cat)\" = hello");

	options.input = str_of("hello");
	options.capture = false;
	CHECK(child_run(&options, &arena, &result, &err));
	CHECK_INT(result.exit_code, 0);
}

TEST(child_sees_the_environment_and_directory_it_was_given)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	struct child_options options = SHELL("echo $WORD; pwd");

	options.environment = (const char *const[]){"WORD=ladder", NULL};
	options.directory = "/";
	CHECK(child_run(&options, &arena, &result, &err));
	CHECK(str_is(result.output, "ladder\n/\n"));
}

TEST(child_killed_by_a_signal_says_so_as_shells_do)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	const struct child_options options = SHELL("kill -KILL $$");

	CHECK(child_run(&options, &arena, &result, &err));
	CHECK_INT(result.exit_code, 128 + SIGKILL);
}

TEST(child_that_is_not_there_is_named)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	const struct child_options options = shell((const char *const[]){"no-such-program", NULL});

	CHECK(!child_must_run(&options, &arena, &result, &err));
	CHECK_STR(err.message, "could not run \"no-such-program\": no such program");
}

TEST(child_that_fails_leaves_its_last_words_in_the_error)
{
	scoped_arena struct arena arena = {0};
	struct child_result result;
	struct error err = {0};
	const struct child_options options = SHELL("echo disk full; exit 1");

	CHECK(!child_must_run(&options, &arena, &result, &err));
	CHECK_STR(err.message, "\"sh\" failed with exit code 1");
	CHECK_STR(err.detail, "disk full");
}

/*
 * Being asked to stop cannot be taken back within a process, so it happens in
 * one of its own. The answer is its exit code: 0 when all was well.
 */
static int stopped_while_running(bool capture, bool must_finish, const char *script)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		scoped_arena struct arena arena = {0};
		struct child_result result;
		struct error err = {0};
		struct child_options options = SHELL(script);

		interrupt_install();
		options.capture = capture;
		options.must_finish = must_finish;
		const bool ran = child_run(&options, &arena, &result, &err);
		if (must_finish)
			_exit(ran && result.exit_code == 0 ? 0 : 1);
		_exit(!ran && err.kind == ERROR_CANCELLED ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The script asks its parent, us, to stop; so there is nothing to wait for. */
TEST(child_is_stopped_when_we_are)
{
	const int64_t start = clock_now_ms();

	CHECK_INT(stopped_while_running(true, false, "kill -INT $PPID; exec sleep 60"), 0);
	CHECK_INT(stopped_while_running(false, false, "kill -INT $PPID; exec sleep 60"), 0);
	CHECK(clock_now_ms() - start < 20000);
}

TEST(child_that_cleans_up_is_not_stopped)
{
	CHECK_INT(stopped_while_running(true, true, "kill -INT $PPID; sleep 0.05; exit 0"), 0);
	CHECK_INT(stopped_while_running(false, true, "kill -INT $PPID; sleep 0.05; exit 0"), 0);
}

TEST(launched_child_continues_and_writes_its_log)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	struct str log;
	char directory[] = "/tmp/rung-unit.XXXXXX";
	const struct child_options options = SHELL("echo started; exec sleep 60");
	pid_t pid;

	CHECK(mkdtemp(directory));
	const char *path = path_join(&arena, directory, "log");
	CHECK(child_launch(&options, path, 0, &pid, &err));
	CHECK(child_is_alive(pid));
	kill(pid, SIGKILL);
	CHECK(child_wait_gone(pid, 10000));
	CHECK(!child_is_alive(pid));
	CHECK(file_read(path, 1000, ERROR_STORAGE, &arena, &log, &err) || !file_exists(path));
	CHECK(directory_remove(directory, &err));
}

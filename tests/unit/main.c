/* Runs the registered unit tests; arguments are parts of names to choose by. */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Public in cmocka's library, for runners that collect tests themselves. */
int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
                            const size_t num_tests, CMFixtureFunction group_setup,
                            CMFixtureFunction group_teardown);

enum { MOST_TESTS = 2000 };

static struct CMUnitTest tests[MOST_TESTS];
static size_t count;

void test_register(const char *name, void (*run)(void **state))
{
	tests[count++] = (struct CMUnitTest){.name = name, .test_func = run};
}

static bool is_chosen(const char *name, char **parts)
{
	if (!*parts)
		return true;
	for (; *parts; parts++)
		if (strstr(name, *parts))
			return true;
	return false;
}

/* Background jobs, nohup and cron leave signals ignored, a umask and closed descriptors. */
static void be_independent_of_the_caller(void)
{
	static const int signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE,
	                              SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2};
	sigset_t none;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	while (open("/dev/null", O_RDWR) <= STDERR_FILENO) {
	}
	for (int fd = STDERR_FILENO + 1; fd < 256; fd++)
		(void)close(fd);
}

int main(int argc, char **argv)
{
	size_t chosen = 0;

	be_independent_of_the_caller();

	for (size_t i = 0; i < count; i++)
		if (is_chosen(tests[i].name, argv + 1))
			tests[chosen++] = tests[i];
	(void)argc;
	return _cmocka_run_group_tests("unit", tests, chosen, NULL, NULL);
}

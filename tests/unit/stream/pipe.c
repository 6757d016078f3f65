#include "stream/pipe.h"

#include <string.h>

#include "test.h"

/* A stage outlives the function that opens it, and so must what its child says meanwhile. */
static struct sink *stage(const char *script, const char **argv)
{
	struct sink *sink = NULL;
	struct error err = {0};

	argv[0] = "sh";
	argv[1] = "-c";
	argv[2] = script;
	argv[3] = NULL;
	const struct pipe_options options = {.argv = argv, .circumstance = "while piping"};
	CHECK(pipe_open(&options, NULL, &sink, &err));
	return sink;
}

TEST(pipes_tell_what_a_failed_child_said)
{
	const char *argv[4];
	struct error err = {0};
	scoped_sink struct sink *sink = stage("i=0; while [ $i -lt 300 ]; do echo complaint number $i >&2; "
	                                      "i=$((i + 1)); done; cat >/dev/null; exit 3",
	                                      argv);

	for (int i = 0; i < 100; i++)
		CHECK(sink_write(sink, str_of("some text to go through the pipe\n"), &err));
	CHECK(!sink_finish(sink, &err));
	CHECK(strstr(err.detail, "complaint number 299"));
	CHECK(strstr(err.context, "while piping"));
}

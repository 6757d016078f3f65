/*
 * Whatever the files of other tools hold - sqitch's plan, what Alembic
 * printed, dbmate's, goose's and tern's sections -, reading them ends, and
 * says what cannot be carried over. The first byte chooses the tool. Built by
 * make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "command/import/import_project.h"
#include "temporary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_steps(const struct import *import)
{
	for (size_t i = 0; i < import->count; i++)
		assert(import->steps[i].path && import->steps[i].label);
	for (size_t i = 0; i < import->problem_count; i++)
		assert(import->problems[i].place && import->problems[i].text);
}

static const struct import_tool *find_tool(const char *name)
{
	const struct import_tool *tool = import_tools;

	while (strcmp(tool->name, name) != 0)
		tool++;
	return tool;
}

static void cut(struct arena *arena, struct str text, const char *name)
{
	struct import import = {.arena = arena, .tool = find_tool(name)};
	struct import_step step = {.path = "x.sql"};

	import.tool->cut(&import, &step, text);
	assert(step.up.len + step.down.len <= text.len);
	check_steps(&import);
}

static void read_sqitch(struct arena *arena, struct str text)
{
	struct import import = {.arena = arena, .tool = find_tool("sqitch"), .source = temporary_folder()};
	struct error err = {0};

	/* A change's name is part of a path: it is not to lead out of the folder. */
	if (memmem(text.text, text.len, "..", 2))
		return;
	temporary_file("deploy/a.sql", "select :x;\n", 11);
	temporary_file("deploy/b.sql", "select 1;\n", 10);
	temporary_file("revert/a.sql", "select 2;\n", 10);
	temporary_file("sqitch.plan", text.text, text.len);
	if (import_read_sqitch(&import, &err))
		check_steps(&import);
	else
		assert(err.message[0]);
}

/* What goes up, and behind a line of its own what goes down. */
static void read_alembic(struct arena *arena, struct str text)
{
	static const char mark[] = "\n=====\n";
	const char *found = memmem(text.text, text.len, mark, strlen(mark));
	const size_t len = found ? (size_t)(found - text.text) : text.len;
	struct settings settings = {.project_dir = temporary_folder()};
	struct context context = {.arena = arena, .settings = &settings};
	struct import import = {.arena = arena, .tool = find_tool("alembic"), .context = &context};
	struct error err = {0};

	import.source = arena_strdup(arena, temporary_file("up.sql", text.text, len));
	if (found)
		import.down_source = arena_strdup(
		    arena, temporary_file("down.sql", found + strlen(mark), text.len - len - strlen(mark)));
	if (import_read_alembic(&import, &err))
		check_steps(&import);
	else
		assert(err.message[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};

	if (size < 1)
		return 0;
	const struct str text = {(const char *)data + 1, size - 1};

	switch (data[0] % 6) {
	case 0:
		cut(&arena, text, "dbmate");
		break;
	case 1:
		cut(&arena, text, "goose");
		break;
	case 2:
		cut(&arena, text, "tern");
		break;
	case 3:
		read_sqitch(&arena, text);
		break;
	case 4:
		read_alembic(&arena, text);
		break;
	default:
		import_flyway_checksum(text);
	}
	return 0;
}

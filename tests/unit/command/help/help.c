#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/commands.h"
#include "command/help/exit_code.h"
#include "command/help/help_page.h"
#include "command/help/help_topic.h"
#include "command/help/manual.h"
#include "migration/directive.h"
#include "test.h"

TEST(page_wraps_and_aligns)
{
	scoped_arena struct arena arena = {0};
	struct buffer page = {.arena = &arena};

	page_item(&page, "-n, --dry-run", "short");
	page_item(&page, "--a-very-long-option-indeed VALUE",
	          "a text that is long enough to need a second line in its column");
	CHECK_STR(buffer_cstr(&page),
	          "  -n, --dry-run               short\n"
	          "  --a-very-long-option-indeed VALUE\n"
	          "                              a text that is long enough to need a second line\n"
	          "                              in its column\n");
}

TEST(every_verb_is_described)
{
	for (size_t i = 0; commands[i]; i++) {
		CHECK_ROW(i, commands[i]->help && commands[i]->operands && commands[i]->run);
		CHECK_ROW(i, commands[i]->least_operands <= commands[i]->most_operands);
		CHECK_STR(commands[i]->help->name, commands[i]->name);
		CHECK_ROW(i, commands[i]->help->summary[strlen(commands[i]->help->summary) - 1] != '.');
		CHECK_ROW(i, commands[i]->help->examples && !commands[i]->help->items && !commands[i]->help->title);
		CHECK_ROW(i, command_find(commands[i]->name) == commands[i]);
		for (const struct option_row *row = commands[i]->options; row && row->flag; row++)
			CHECK_ROW(i, strncmp(row->flag, "--", 2) == 0 && row->help);
	}
}

TEST(manual_has_every_verb_and_no_stray_request)
{
	scoped_arena struct arena arena = {0};
	const char *manual = manual_text(&arena);
	struct str rest = str_of(manual);
	struct str line;

	for (size_t i = 0; commands[i]; i++) {
		const char *dash = strchr(commands[i]->name, '-');
		const int head = dash ? (int)(dash - commands[i]->name) : (int)strlen(commands[i]->name);

		CHECK_ROW(i, strstr(manual, arena_printf(&arena, "\n.Ss \"%.*s%s%s", head, commands[i]->name,
		                                         dash ? "\\" : "", dash ? dash : "")));
	}
	while (str_line_next(&rest, &line))
		CHECK(line.len > 0 && (line.text[0] != '.' || (line.text[1] >= 'A' && line.text[1] <= 'Z')));
}

TEST(exit_codes_are_documented)
{
	scoped_arena struct arena arena = {0};
	struct error err;
	struct str page;

	if (!file_exists("docs/exit-codes.md"))
		skip();
	CHECK(file_read("docs/exit-codes.md", 65536, ERROR_FILES, &arena, &page, &err));
	for (const struct exit_code_row *row = exit_code_rows; row->meaning; row++)
		CHECK(strstr(page.text,
		             arena_printf(&arena, "| %d | %s | %s |", row->code, row->meaning, row->advice)));
	for (enum error_kind kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++) {
		const char *cell = arena_printf(&arena, "| %d | ", error_exit_code(kind));

		CHECK_ROW(kind, strstr(page.text, cell));
		CHECK_ROW(kind, kind == ERROR_NONE ||
		                    strstr(page.text, arena_printf(&arena, "`%s`", error_kind_name(kind))));
	}
}

static void check_directive(void *page, const char *term, const char *meaning)
{
	scoped_arena struct arena arena = {0};
	struct directives directives;
	struct error err = {0};

	(void)page;
	CHECK(*meaning);
	/* Some belong to a statement and want one below them. */
	if (!directives_parse(str_of(arena_printf(&arena, "%s\nSELECT 1;", term)), "term", &arena, &directives,
	                      &err))
		fail_msg("%s: %s", term, err.message);
}

TEST(directives_of_the_help_are_true)
{
	scoped_arena struct arena arena = {0};

	const struct help_topic *topic = help_topic_find("directives");

	topic->list(&arena, topic->help, check_directive, NULL);
}

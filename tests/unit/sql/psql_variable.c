#include "sql/psql_variable.h"

#include "sql/argument.h"
#include "sql/lexer.h"
#include "test.h"

TEST(variables_are_set_replaced_and_unset)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};

	CHECK(variable_find(&set, STR("a")) == NULL);
	variable_assign(&set, STR("a"), "1");
	variable_assign(&set, STR("A"), "2");
	CHECK_STR(variable_find(&set, STR("a")), "1");
	CHECK_STR(variable_find(&set, STR("A")), "2");
	variable_assign(&set, STR("a"), "3");
	CHECK_STR(variable_find(&set, STR("a")), "3");
	variable_assign(&set, STR("a"), NULL);
	CHECK(variable_find(&set, STR("a")) == NULL);
}

TEST(uses_of_what_was_given_are_noted)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};

	variable_give(&set, STR("tenant"), "blue");
	variable_give(&set, STR("unused"), "x");
	variable_assign(&set, STR("own"), "1");
	CHECK_STR(variable_expand(&set, STR(":'tenant'"), &arena), "'blue'");
	CHECK_STR(variable_expand(&set, STR(":tenant"), &arena), "blue");
	CHECK_STR(variable_expand(&set, STR(":own"), &arena), "1");
	CHECK(!variable_expand(&set, STR(":nothing"), &arena));
	CHECK_STR(variable_expand(&set, STR(":{?asked}"), &arena), "FALSE");
	/* What the file sets itself is no longer what was given, but it was used before. */
	variable_assign(&set, STR("tenant"), "red");
	CHECK_STR(variable_expand(&set, STR(":tenant"), &arena), "red");
	CHECK_INT(set.use_count, 2);
	CHECK_STR(set.uses[0].name, "tenant");
	CHECK_STR(set.uses[0].value, "blue");
	CHECK_STR(set.uses[1].name, "asked");
	CHECK(!set.uses[1].value);
}

TEST(references_expand_by_their_form)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};
	static const struct {
		struct str reference;
		const char *value;
	} rows[] = {
	    {STR(":a"), "it's"},
	    {STR(":'a'"), "'it''s'"},
	    {STR(":\"a\""), "\"it's\""},
	    {STR(":{?a}"), "TRUE"},
	    {STR(":{?b}"), "FALSE"},
	    {STR(":b"), NULL},
	    {STR(":'b'"), NULL},
	    {STR(":\"b\""), NULL},
	    {STR(":'slash'"), " E'a\\\\b'"},
	    {STR(":\"quote\""), "\"a\"\"b\""},
	    {STR(":'empty'"), "''"},
	    {STR(":empty"), ""},
	};

	variable_assign(&set, STR("a"), "it's");
	variable_assign(&set, STR("slash"), "a\\b");
	variable_assign(&set, STR("quote"), "a\"b");
	variable_assign(&set, STR("empty"), "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value = variable_expand(&set, rows[i].reference, &arena);

		CHECK_ROW(i, lexer_reference_len(rows[i].reference) == rows[i].reference.len);
		CHECK_ROW(i, (value == NULL) == (rows[i].value == NULL));
		CHECK_ROW(i, !value || str_is(str_of(value), rows[i].value));
	}
}

TEST(arguments_are_read_as_psql_reads_them)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};
	static const struct {
		const char *line;
		size_t count;
		const char *last;
	} rows[] = {
	    {"", 0, NULL},
	    {"  \t\r", 0, NULL},
	    {" a", 1, "a"},
	    {" a  b ", 2, "b"},
	    {" 'a b'", 1, "a b"},
	    {" 'a''b'", 1, "a'b"},
	    {" 'a\\'b\\n\\x41\\101\\q'", 1, "a'b\nAAq"},
	    {" ''", 1, ""},
	    {" \"a b\"", 1, "\"a b\""},
	    {" a'b'\"c\"d", 1, "ab\"c\"d"},
	    {" a\\b", 1, "a"},
	    {" a \\\\ b", 1, "a"},
	    {" :x", 1, "1 2"},
	    {" a:x:y", 1, "a1 2:y"},
	    {" :'x'", 1, "'1 2'"},
	    {" ':x' :{?x}", 2, "TRUE"},
	    {" a:", 1, "a:"},
	    {" :: :", 2, ":"},
	    {" a;", 1, "a;"},
	};

	variable_assign(&set, STR("x"), "1 2");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct argument_list list = argument_list_read(str_of(rows[i].line), &set, &arena);

		CHECK_ROW(i, !list.problem && list.count == rows[i].count);
		CHECK_ROW(i, !rows[i].last || str_is(str_of(list.items[list.count - 1].text), rows[i].last));
	}
}

TEST(arguments_say_what_is_wrong)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};
	static const struct {
		const char *line;
		size_t at;
	} rows[] = {{" 'a", 1}, {" a \"b", 3}, {" `date`", 1}, {" 'a\\000'", 4}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct argument_list list = argument_list_read(str_of(rows[i].line), &set, &arena);

		CHECK_ROW(i, list.problem && list.problem_at == rows[i].at);
		CHECK_ROW(i, !argument_list_read(str_of(rows[i].line), NULL, &arena).problem);
	}
}

TEST(arguments_lose_only_unquoted_semicolons)
{
	scoped_arena struct arena arena = {0};
	struct variable_set set = {.arena = &arena};
	static const struct {
		const char *line, *text;
	} rows[] = {{" a;;", "a"}, {" 'a;'", "a;"}, {" 'a;';", "a;"}, {" a;b", "a;b"}, {" ;", ""}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct argument_list list = argument_list_read(str_of(rows[i].line), &set, &arena);

		CHECK_ROW(i, list.count == 1);
		CHECK_ROW(i, str_is(str_of(argument_without_semicolon(&list.items[0], &arena)), rows[i].text));
	}
}

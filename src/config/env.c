/*
 * There is no standard for .env files; what is read here is what the readers people use agree on, and where
 * they differ, what keeps a password as it was written. So nothing is expanded, "#" begins a comment only
 * after a blank, and of backslashes in double quotes only those that escape something are taken away. A
 * line that is none of these is refused with its number: skipped, it would be a setting that somebody
 * believes in.
 *
 * Reading and obeying are apart. All pairs are read; env_export() takes up only names on a list, never
 * those that steer programs, and never over what the environment has. The list cannot hold every name in
 * one go, since some are named by settings that .env itself may give (settings.c, gather_all).
 */
#include "config/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/str.h"
#include "config/environment.h"

struct scanner {
	struct str text;
	size_t at;
	int line;
	const char *path;
	struct arena *arena;
	struct error *err;
};

static bool refuse(struct scanner *s, int line, const char *why)
{
	error_set(s->err, ERROR_CONFIG, "%s", why);
	snprintf(s->err->place, sizeof(s->err->place), "%s:%d", s->path, line);
	return false;
}

/* A line end after the text's end, so that the last line needs none. */
static char peek(const struct scanner *s)
{
	return s->at < s->text.len ? s->text.text[s->at] : '\n';
}

static bool is_at_end(const struct scanner *s)
{
	return s->at >= s->text.len;
}

static void skip_blanks(struct scanner *s)
{
	while (!is_at_end(s) && (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\r'))
		s->at++;
}

static void skip_line(struct scanner *s)
{
	while (!is_at_end(s) && peek(s) != '\n')
		s->at++;
	s->at += !is_at_end(s);
	s->line++;
}

static struct str take_name(struct scanner *s)
{
	const size_t from = s->at;

	while (!is_at_end(s) && !char_is_space(peek(s)) && peek(s) != '=' && peek(s) != '#')
		s->at++;
	return str_slice(s->text, from, s->at);
}

/* In double quotes a backslash stands for what C and every .env reader say. */
static char unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

static bool is_escape(char c)
{
	return c != '\0' && strchr("nrt\\\"'$`", c) != NULL;
}

static bool take_quoted(struct scanner *s, const char **out)
{
	struct buffer value = {.arena = s->arena};
	const int first_line = s->line;
	const char quote = peek(s);

	for (s->at++; !is_at_end(s) && peek(s) != quote; s->at++) {
		const char next = s->at + 1 < s->text.len ? s->text.text[s->at + 1] : '\0';

		s->line += peek(s) == '\n';
		if (quote == '"' && peek(s) == '\\' && is_escape(next)) {
			buffer_char(&value, unescape(next));
			s->at++;
		} else {
			buffer_char(&value, peek(s));
		}
	}
	if (is_at_end(s))
		return refuse(s, first_line, "a quote is never closed");
	s->at++;
	*out = buffer_cstr(&value);
	return true;
}

/* Up to the end of the line, or a '#' after a blank. */
static const char *take_plain(struct scanner *s)
{
	const size_t from = s->at;
	size_t to = from;

	for (; to < s->text.len && s->text.text[to] != '\n'; to++)
		if (s->text.text[to] == '#' && (s->text.text[to - 1] == ' ' || s->text.text[to - 1] == '\t'))
			break;
	s->at = to;
	return str_copy(s->arena, str_trim(str_slice(s->text, from, to)));
}

static bool take_value(struct scanner *s, const char **out)
{
	skip_blanks(s);
	if (peek(s) != '"' && peek(s) != '\'') {
		*out = take_plain(s);
		return true;
	}
	if (!take_quoted(s, out))
		return false;
	skip_blanks(s);
	return is_at_end(s) || peek(s) == '\n' || peek(s) == '#' ||
	       refuse(s, s->line, "text after a closing quote");
}

static void add_pair(struct env *env, struct arena *arena, struct str name, const char *value)
{
	for (size_t i = 0; i < env->count; i++) {
		if (!str_is(name, env->pairs[i].name))
			continue;
		env->pairs[i].value = value;
		return;
	}
	*ARENA_PUSH(arena, env->pairs, env->count) =
	    (struct env_pair){.name = str_copy(arena, name), .value = value};
}

static bool take_line(struct scanner *s, struct env *env)
{
	const char *value = NULL;

	skip_blanks(s);
	struct str name = take_name(s);
	skip_blanks(s);
	if (str_is(name, "export") && peek(s) != '=') {
		name = take_name(s);
		skip_blanks(s);
	}
	if (peek(s) == '\n' || peek(s) == '#')
		return true;
	if (peek(s) != '=' || name.len == 0)
		return refuse(s, s->line, "expected NAME=value");
	s->at++;
	if (!take_value(s, &value))
		return false;
	add_pair(env, s->arena, name, value);
	return true;
}

bool env_parse(struct str text, const char *path, struct arena *arena, struct env *out, struct error *err)
{
	const size_t bom = str_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
	struct scanner s = {
	    .text = str_slice(text, bom, text.len), .line = 1, .path = path, .arena = arena, .err = err};
	struct env env = {0};

	if (text.len && memchr(text.text, '\0', text.len))
		return error_set(err, ERROR_CONFIG, "cannot read \"%s\": it contains a NUL byte", path);
	for (; !is_at_end(&s); skip_line(&s))
		if (!take_line(&s, &env))
			return false;
	*out = env;
	return true;
}

void env_export(struct env *env, const char *const *names)
{
	for (size_t i = 0; i < env->count; i++) {
		struct env_pair *pair = &env->pairs[i];

		if (str_matches_any(str_of(pair->name), names) && !variable_steers_programs(pair->name) &&
		    !getenv(pair->name))
			pair->is_exported = setenv(pair->name, pair->value, 0) == 0;
	}
}

bool env_has(const struct env *env, const char *name)
{
	for (size_t i = 0; i < env->count; i++)
		if (env->pairs[i].is_exported && strcmp(env->pairs[i].name, name) == 0)
			return true;
	return false;
}

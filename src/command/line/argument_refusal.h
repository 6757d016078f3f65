/*
 * argument_refusal.h - what is said of a command line that cannot be understood
 *
 * Each of these fails with a usage error whose hint names what was probably
 * meant: a near name, the option of another command, the word of another
 * tool (synonym.h). What was typed may hold a password and is shown without.
 */
#ifndef RUNG_COMMAND_LINE_ARGUMENT_REFUSAL_H
#define RUNG_COMMAND_LINE_ARGUMENT_REFUSAL_H

#include "command/command.h"

bool refuse_verb(const char *name, struct arena *arena, struct error *err);

/* `command`: NULL where none was named. */
bool refuse_option(const char *flag, const struct command *command, struct arena *arena, struct error *err);

/* An argument that `command` has no place for. */
bool refuse_operand(const char *operand, const struct command *command, struct arena *arena,
                    struct error *err);

/* "--sql rollback" where "--sql=rollback" is meant. */
bool refuse_detached(const char *flag, const char *word, const struct command *command, struct error *err);

/* "-v NAME=VALUE", as psql has it; `text` begins with the name. */
bool refuse_variable(const char *text, struct error *err);

/* True for what is no URL. */
MUST_USE bool check_is_no_url(const char *text, const struct command *command, struct arena *arena,
                              struct error *err);

/* "Usage: ..." as the hint of a refusal that has been set. */
bool hint_usage(const struct command *command, struct error *err);

#endif

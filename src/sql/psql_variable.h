/*
 * psql_variable.h - psql's variables
 *
 * A set of names with values, and what a reference to one stands for. Names
 * are case-sensitive; letters, digits, underscores and everything beyond
 * ASCII may be in them.
 */
#ifndef RUNG_SQL_PSQL_VARIABLE_H
#define RUNG_SQL_PSQL_VARIABLE_H

#include "base/arena.h"
#include "base/attribute.h"
#include "base/str.h"

struct variable {
	const char *name;
	const char *value;   /* NULL once it was unset, and of one that is set and not known */
	const char *unknown; /* why its value cannot be known here; NULL of all others */
	bool is_for_psql;    /* where it is in SQL it may stay: anyone who runs that knows it */
	size_t first;        /* of a use: how many statements stood before it */
	bool is_given;       /* by somebody outside of the file, who may give it another value next time */
};

struct variable_set {
	struct arena *arena; /* set by the owner; everything else starts zeroed */
	struct variable *items;
	size_t count;
	const struct variable *known; /* from the start, and the owner's; hidden by any of `items` */
	size_t known_count;
	/* Those there are without anybody's doing (special.h); NULL for none. */
	const struct variable *(*usual)(struct str name);
	/* What a file made of what it was given: each name once, NULL where it only asked and there was none. */
	struct variable *uses;
	size_t use_count;
	const size_t *statement_count; /* read so far; NULL where nobody counts */
};

bool variable_name_is_valid(struct str name);

/* NULL unsets. */
void variable_assign(struct variable_set *set, struct str name, const char *value);

/* The same for a value from outside of the file, whose uses are noted. */
void variable_give(struct variable_set *set, struct str name, const char *value);

/* NULL unless the reference asks for the value of such a one. */
const struct variable *variable_find_unknown(const struct variable_set *set, struct str reference);

/* NULL when there is none. */
const char *variable_find(const struct variable_set *set, struct str name);

/* As psql reads one: true, yes, on, 1 and so on; words may be cut short while they stay clear. */
MUST_USE bool variable_parse_boolean(const char *text, bool *out);

/* The name in a reference as lexer_reference_len() delimits it. */
struct str variable_reference_name(struct str reference);

/* Whether the reference is a bare :name, whose value psql reads as SQL, as if it stood in the file. */
bool variable_reference_is_bare(struct str reference);

/*
 * What a reference stands for: :name the value itself, :'name' a literal,
 * :"name" an identifier, :{?name} TRUE or FALSE. NULL when the variable is
 * not set; psql then leaves the reference as it is. Made on `arena` where it is not the value itself.
 */
const char *variable_expand(struct variable_set *set, struct str reference, struct arena *arena);

#endif

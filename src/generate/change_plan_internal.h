/*
 * change_plan_internal.h - a script while it is made, for the files of generate/ only
 *
 * Each object of either side is a node. Its fate is decided first, for all of
 * them (node_fate.c); then the rules of its kind write statements
 * (statement_write.c, rules_*.c); then these are put in order (statement_order.c).
 */
#ifndef RUNG_GENERATE_CHANGE_PLAN_INTERNAL_H
#define RUNG_GENERATE_CHANGE_PLAN_INTERNAL_H

#include "base/buffer.h"
#include "catalog/item_list.h"
#include "generate/change_script.h"

enum fate {
	FATE_KEEP,
	FATE_ALTER,
	FATE_CREATE,
	FATE_DROP,
	FATE_REPLACE, /* dropped, and created as it is in the new state */
};

struct kind_rules;

/* An object before and after. */
struct change_node {
	const struct object *before;        /* NULL: it is new */
	const struct object *after;         /* NULL: it goes */
	const struct object_change *change; /* NULL: the same on both sides */
	const struct kind_rules *rules;
	enum fate fate;
	bool is_closed;    /* what depends on it has been looked at */
	bool is_rewritten; /* one statement for all facts has been written */
	size_t mark;       /* of the last search that came by */
	bool is_rebuilt;  /* a type that columns keep using: renamed, created, dropped when they have changed over
	                   */
	bool is_retyped;  /* a column of such a type */
	bool is_early;    /* made before what it will be a part of */
	bool is_by_text;  /* it is text while its type is dropped and created */
	size_t last_part; /* of its statements so far, and one; 0 before the first */
	struct change_node *goes_with;  /* dropped by that one's statement; NULL: by its own */
	struct change_node *comes_with; /* created by that one's statement; NULL: by its own */
	size_t *statements;             /* numbers of its own, in the order they were written */
	size_t statement_count;
};

/* What a statement is to its node, and so what it waits for and who waits for it. */
enum statement_role {
	ROLE_RELEASE, /* changes the old object so that others can go */
	ROLE_DROP,
	ROLE_SHELL, /* names a type, for the functions it is made with */
	ROLE_CREATE,
	ROLE_ALTER,
	ROLE_REMARK, /* owner, grants, comment: behind all others of its node, nobody waits for it */
};

/* A script is stages, each as far as what is ready allows. */
enum statement_stage {
	STAGE_DROP, /* what holds no data */
	STAGE_DEFINE,
	STAGE_EVALUATE, /* runs expressions over rows: whatever functions call by name is there by then */
	STAGE_ALONE,    /* what no transaction may hold */
	STAGE_VALIDATE, /* what was added without looking at rows is held against them */
	STAGE_LOSE,     /* drops what holds data */
	STAGE_END,      /* default privileges, event triggers: they act on the statements before */
};

struct plan_statement {
	struct change_statement public;
	struct change_node *node;
	enum statement_role role;
	enum statement_stage stage;
	int rank;               /* among those of its stage: the number of a kind */
	bool is_alone;          /* a part of its own */
	bool ends_part;         /* what comes next is in another part */
	bool needs_next_part;   /* another part than what its node has had so far */
	bool has_body;          /* a string, in which anything may be named */
	bool joins;             /* makes a table the child of another */
	const char *adds_value; /* a literal: who names it is in a later part */
	size_t waits_for;       /* while they are put in order */
	size_t *followers;
	size_t follower_count;
};

struct change_plan {
	struct arena *arena;
	const struct change_options *options;
	const struct catalog *from;
	const struct catalog *to;
	struct change_node *nodes; /* in canonical order */
	size_t node_count;
	struct plan_statement *statements;
	size_t statement_count;
	size_t *order;
	size_t searches;
	const char **unmodelled;
	size_t unmodelled_count;
};

/* --- change_plan.c: nodes and statements ----------------------------------- */

/* The object of that node: as it will be, else as it was. */
const struct object *node_object(const struct change_node *node);
bool node_is(const struct change_node *node, enum object_kind_number kind);

/* NULL for an object that is in neither catalog, or does not count. */
struct change_node *plan_node(const struct change_plan *plan, const struct object *object);
struct change_node *plan_parent(const struct change_plan *plan, const struct change_node *node);

/* Children as they will be, in canonical order: of a kind, those with fate CREATE or REPLACE. */
struct change_node *plan_new_child_next(const struct change_plan *plan, const struct change_node *node,
                                        enum object_kind_number kind, const struct object **at);

/* A column or an attribute by its position, from 1; NULL behind the last. */
const struct object *child_at(const struct object *object, enum object_kind_number kind, long position);

/* Dropped, or dropped and created. */
bool node_goes(const struct change_node *node);
bool node_comes(const struct change_node *node);

/* Whether a fact of an object that is on both sides is another one. */
bool node_changes(const struct change_node *node, const char *fact);

/* NULL where it is not set; of the object as it will be, else as it was. */
const char *node_attribute(const struct change_node *node, const char *name);

/* The server's major version. */
int plan_major(const struct change_plan *plan);

/* The returned statement is good until the next is added. */
struct plan_statement *plan_add(struct change_plan *plan, struct change_node *node, enum statement_role role,
                                const char *format, ...) PRINTF_LIKE(4, 5);

/* A sequence is there before the column that owns it: OWNED BY is a statement of its own. */
bool is_ownership(const struct object *object, const struct dependency *dependency);

/* Made by the statement that makes `target`, or made from what is, by way of other new objects; the columns
 * of `target` that it names itself do not count. */
bool plan_reaches(struct change_plan *plan, const struct change_node *node, const struct change_node *target);

/* Whose statement makes it: itself, or the one it comes with. */
const struct change_node *node_maker(const struct change_node *node);

/* Says that what differs there is not known how to be changed. */
void plan_unmodelled(struct change_plan *plan, const struct change_node *node, const char *fact);

/* --- kind_rules.c --------------------------------------------------------- */

typedef void node_writer(struct change_plan *plan, struct change_node *node);
typedef void fact_writer(struct change_plan *plan, struct change_node *node, const struct fact_change *fact);
typedef bool fact_question(const struct change_plan *plan, const struct change_node *node,
                           const struct fact_change *fact);

/* How a fact is changed on the object that is there. */
struct fact_rule {
	const char *name;
	fact_writer *write;          /* NULL: the kind's `alter` covers it */
	fact_question *must_replace; /* NULL: never */
	int since;                   /* major version; before it the object is replaced */
};

struct kind_rules {
	node_writer *create; /* NULL: no rules are known */
	node_writer *drop;
	node_writer *alter;            /* one statement for whatever has changed; NULL for none */
	const struct fact_rule *facts; /* in the order of their statements, up to one without a name; a fact not
	                                * listed replaces the object */
	const char *words; /* "TABLE", as ALTER, COMMENT ON and DROP say; NULL: not a kind of its own */
};

/* For facts that follow from others and need no statement. */
void leave_alone(struct change_plan *plan, struct change_node *node, const struct fact_change *fact);

/* NULL: it replaces the object. */
const struct fact_rule *rule_of(const struct change_node *node, const char *name);
/* Owner, grants, comment and labels too, which are changed in place on all kinds. */
const struct fact_rule *rule_of_any(const struct change_node *node, const char *name);
extern const struct fact_rule no_facts[];
/* DROP words identity */
void drop_simple(struct change_plan *plan, struct change_node *node);

/* "a" and "\"B c\"" are "\"a_B c\"": names that are in quotes where they need them joined by "_" into one,
 * cut to what the server keeps of a name. */
const char *names_join(struct arena *arena, const char *first, const char *second);

/* --- rules_*.c ------------------------------------------------------------------ */

extern const struct kind_rules schema_rules;
extern const struct kind_rules extension_rules;
extern const struct kind_rules language_rules;
extern const struct kind_rules access_method_rules;
extern const struct kind_rules collation_rules;
extern const struct kind_rules base_type_rules;
extern const struct kind_rules enum_rules;
extern const struct kind_rules domain_rules;
extern const struct kind_rules composite_type_rules;
extern const struct kind_rules range_type_rules;
extern const struct kind_rules type_attribute_rules;
extern const struct kind_rules function_rules;
extern const struct kind_rules aggregate_rules;
extern const struct kind_rules cast_rules;
extern const struct kind_rules transform_rules;
extern const struct kind_rules conversion_rules;
extern const struct kind_rules operator_rules;
extern const struct kind_rules operator_family_rules;
extern const struct kind_rules operator_class_rules;
extern const struct kind_rules text_search_parser_rules;
extern const struct kind_rules text_search_template_rules;
extern const struct kind_rules text_search_dictionary_rules;
extern const struct kind_rules text_search_configuration_rules;
extern const struct kind_rules foreign_data_wrapper_rules;
extern const struct kind_rules server_rules;
extern const struct kind_rules user_mapping_rules;
extern const struct kind_rules sequence_rules;
extern const struct kind_rules table_rules;
extern const struct kind_rules view_rules;
extern const struct kind_rules materialized_view_rules;
extern const struct kind_rules column_rules;
extern const struct kind_rules default_rules;
extern const struct kind_rules not_null_rules;
extern const struct kind_rules constraint_rules;
extern const struct kind_rules index_rules;
extern const struct kind_rules statistics_rules;
extern const struct kind_rules rule_rules;
extern const struct kind_rules trigger_rules;
extern const struct kind_rules policy_rules;
extern const struct kind_rules event_trigger_rules;
extern const struct kind_rules publication_rules;
extern const struct kind_rules publication_table_rules;
extern const struct kind_rules publication_schema_rules;
extern const struct kind_rules subscription_rules;
extern const struct kind_rules default_privileges_rules;
extern const struct kind_rules system_object_rules;

/* Of a type or a collation: out of the way of the new one, where columns keep using it. */
void drop_type(struct change_plan *plan, struct change_node *node);

/* Whether each of them needs the other: the type has to be named first, and takes the function with it. */
bool is_made_with(const struct object *type, const struct object *function);
/* Names the type, where functions it is made with need that. */
void name_type_first(struct change_plan *plan, struct change_node *node);
/* " CASCADE" where it is made with functions that need it. */
const char *with_own_functions(const struct object *type);
/* As CREATE TABLE and ADD COLUMN have it; what goes into it comes with the column. */
const char *column_text(struct change_plan *plan, struct change_node *node);
/* " NOT NULL", " CONSTRAINT n NOT NULL" or nothing, of a new column. */
const char *not_null_text(struct change_plan *plan, struct change_node *column);
void write_not_null(struct change_plan *plan, struct change_node *column, const struct fact_change *fact);
/* Whether CREATE TABLE can hold it. */
bool constraint_folds(struct change_plan *plan, const struct change_node *node,
                      const struct change_node *table);
/* The statement that sets the sequence of a column that has rows behind the greatest number in these; NULL
 * where it has no new sequence. */
const char *sequence_position(struct change_plan *plan, const struct object *column);
/* " (SEQUENCE NAME s.n START WITH 5)" of an identity column, "" where all is as usual. */
const char *identity_options(struct change_plan *plan, struct change_node *column);

/* --- online_forms.c: false where the plain form has to be written ---------------- */

bool online_create_index(struct change_plan *plan, struct change_node *index);
bool online_drop_index(struct change_plan *plan, struct change_node *index);
bool online_add_constraint(struct change_plan *plan, struct change_node *constraint);
/* `constraint`: the name it has as one, since 18; NULL for any. */
bool online_set_not_null(struct change_plan *plan, struct change_node *column, const char *constraint);

/* --- the steps ------------------------------------------------------------ */

void plan_make_nodes(struct change_plan *plan);
void plan_give_rules(struct change_plan *plan);
void plan_decide_fates(struct change_plan *plan);
/* After the fates: what has to go before the tables or columns that would take it along. */
void plan_part_drops(struct change_plan *plan);
void plan_write_statements(struct change_plan *plan);
MUST_USE bool plan_order_statements(struct change_plan *plan, struct error *err);

/* --- body_check.c ------------------------------------------------------------------ */

/* Sets in `out`, of each part, whether the body of a function in it names what is made behind it. */
void plan_find_bodies_ahead(const struct change_plan *plan, const size_t *parts, bool *out);
/* Around each part that is set in `parts`: the server does not look into bodies. */
void script_skip_bodies(struct change_script *script, const bool *parts, struct arena *arena);

/* --- remarks.c, object_grants.c: the same for all kinds --------------------------- */

void write_remarks(struct change_plan *plan, struct change_node *node);
void write_grants(struct change_plan *plan, struct change_node *node);

/* --- inheritance.c ----------------------------------------------------------- */

struct change_node *constraint_of(const struct change_plan *plan, const struct object *index);
/* Of a key, as it will be; NULL for none. */
const struct object *index_of_constraint(const struct change_plan *plan, const struct object *constraint);
/* A new partition that is made without its parent, and attached. */
bool table_is_apart(const struct change_plan *plan, const struct change_node *table);
/* Becomes somebody's child by a statement of its own. */
bool table_joins(const struct change_plan *plan, const struct change_node *table);
/* An index or a constraint of a partition that is taken from its parent. */
bool leaves_original(const struct change_plan *plan, const struct change_node *node);
/* The parent's column of the same name; NULL for none. */
struct change_node *column_origin(const struct change_plan *plan, const struct object *column);
/* What it is of the type of its table; NULL for none. */
struct change_node *column_attribute(const struct change_plan *plan, const struct object *column);
/* By whose statement it comes or changes, as one that its table is already or will then be the child of has
 * it; NULL: by its own. */
struct change_node *column_giver(const struct change_plan *plan, const struct change_node *column);
struct change_node *index_giver(const struct change_plan *plan, const struct change_node *index);
struct change_node *constraint_giver(const struct change_plan *plan, const struct change_node *constraint);
/* Checks, and foreign keys of partitions, that a table has of its parents and that are no objects of its own.
 */
struct handed_down {
	uint32_t parent;
	const struct object *constraint;
};

const struct object *handed_down_next(const struct object *table, struct handed_down *at);
const struct object *handed_down_find(const struct object *table, const char *name);
/* One that it has kept of the parent it leaves, and one that becomes what the new parent hands down. */
bool has_from_parent(const struct change_plan *plan, const struct change_node *constraint);
bool gives_to_parent(const struct change_plan *plan, const struct change_node *constraint);
/* One of a partitioned table that not all partitions have a part of, or not all of theirs. */
bool index_is_only(const struct object *index);
/* Its index is there before the one that it becomes a part of. */
bool constraint_is_early(const struct change_plan *plan, const struct change_node *constraint);
bool constraint_is_only(const struct change_plan *plan, const struct object *constraint);
/* By another's statement. */
bool index_is_attached(const struct change_plan *plan, const struct change_node *index);

/* "ALTER TABLE app.t", "ALTER TABLE ONLY app.t" where it has children, "ALTER FOREIGN TABLE app.t". */
const char *alter_relation(const struct change_plan *plan, const struct object *relation, bool only);

/* --- usual_name.c -------------------------------------------------------------- */

/* Whether the server would call it so; `constraint`: the type of that, or NULL. */
bool index_is_usual(const struct change_plan *plan, const struct object *index, const char *constraint);
bool not_null_is_usual(const struct change_plan *plan, const struct object *constraint);

/* --- column_type.c ----------------------------------------------------------- */

/* Whether the server makes the one of the other without being asked. */
bool type_is_assigned(const struct change_plan *plan, const char *before, const char *after);
/* The expression that makes it of column `name`; NULL where it is assigned. */
const char *type_conversion(const struct change_plan *plan, const char *name, const char *before,
                            const char *after);
/* "name::text::type", with arrays where it is one. */
/* What a domain is made of, and any other type itself. */
const char *type_behind_domains(const struct catalog *catalog, const char *type);
/* type_width.c: whether no value of a column becomes another one, however it is converted. */
bool type_keeps_values(const struct change_plan *plan, const char *before, const char *after);
int type_change_hazards(const struct change_plan *plan, const char *before, const char *after);
const char *type_by_text(struct arena *arena, const char *name, const char *type);
/* Whether one can be compared with the other. */
bool type_keeps_operators(const struct change_plan *plan, const char *before, const char *after);

/* --- privilege_set.c ------------------------------------------------------ */

struct privilege {
	const char *grantee; /* "" PUBLIC, "@owner" */
	const char *grantor; /* NULL: the owner */
	struct str name;
	bool is_grantable;
};

struct privilege_set {
	struct privilege *items;
	size_t count;
};

struct grant_kind {
	enum object_kind_number kind;
	const char *words;         /* GRANT ... ON words */
	const char *all;           /* of the owner from the start */
	const char *public;        /* NULL: nothing */
	const char *default_words; /* as default privileges are named; NULL for none */
};

const struct grant_kind *grant_kind_of_default(const char *words); /* "tables": of default privileges */

/* "GRANT SELECT (column) ON target TO owner", and what stands before it. */
struct grant_text {
	const char *prefix;
	const char *target;
	const char *column; /* NULL for none */
	const char *all;    /* what there is to be granted; NULL or "": each is named */
	const char *owner;  /* NULL: not known */
	enum statement_role role;
	enum statement_stage stage;
};

/* "SELECT, INSERT*", with "*" they may be granted on. */
void set_add(struct arena *arena, struct privilege_set *set, const char *grantee, const char *grantor,
             const char *privileges, int major);
/* All that the object's list has. */
void set_add_list(struct arena *arena, struct privilege_set *set, const struct object *object, int major);
/* What such an object has from the start. */
void set_add_usual(const struct change_plan *plan, struct privilege_set *set, const struct grant_kind *kind);
void write_privileges(struct change_plan *plan, struct change_node *node, const struct grant_text *grant,
                      const struct privilege_set *before, const struct privilege_set *after);

/* --- object_reference.c ---------------------------------------------------- */

/* "TABLE", as ALTER, COMMENT ON and DROP say. */
const char *object_words(const struct object *object);
/* "TABLE app.t", "COLUMN app.t.a", "TRIGGER x ON app.t": as COMMENT ON names it. */
const char *object_reference(const struct object *object, struct arena *arena);

/* --- clause_list.c -------------------------------------------------------- */

enum clause_form {
	CLAUSE_TEXT,     /* as the catalog has it, or what the choices say */
	CLAUSE_FLAG,     /* the words alone */
	CLAUSE_LITERAL,  /* in quotes */
	CLAUSE_OPERATOR, /* OPERATOR(s.=) of a signature s.=(integer,integer) */
};

/* What a letter of the catalogs is called in statements; a table ends with one without a value. */
struct word_choice {
	const char *value;
	const char *word;
};

/* "WORDS = value", where that attribute is set; a table ends with one without an attribute. */
struct clause {
	const char *attribute;
	const char *words;
	enum clause_form form;
	const struct word_choice *choices;
};

/* "(SFUNC = int4pl, STYPE = integer)", a clause a line, of the object as it will be. */
const char *clause_list(struct change_plan *plan, const struct change_node *node,
                        const struct clause *clauses);
const char *clause_value(struct arena *arena, const struct clause *clause, const char *value);
/* "s.f" of "s.f(integer)". */
const char *signature_name(struct arena *arena, const char *signature);

/* --- option_list.c -------------------------------------------------------- */

/* "a=1, b='x, y'": one "name=value" at a time; false at the end. */
bool option_list_next(struct str *rest, struct str *name, struct str *value);
/* Options that are another value now, and names of those that are gone: "a = 1, b = 2"; NULL for none. */
const char *options_set(struct arena *arena, const char *before, const char *after, const char *prefix);
const char *options_reset(struct arena *arena, const char *before, const char *after, const char *prefix);
/* "ADD a '1', SET b '2', DROP c". */
const char *foreign_options_change(struct arena *arena, const char *before, const char *after);
/* The value of that option in a list; an empty one without text where there is none. */
struct str option_list_find(const char *list, struct str name);

#endif

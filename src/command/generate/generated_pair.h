/*
 * generated_pair.h - the SQL of new migrations, from a schema that is wanted
 *
 * What leads from what the project's migrations make to the wanted schema, and
 * back, proved on a scratch server. Statements that lose data are refused
 * unless they are allowed. It is one migration, or several where one
 * transaction cannot do it.
 *
 *	scoped_generated_pair struct generated_pair generated = {0};
 *
 *	generated_pair_open(context, &options, &generated, err) &&
 *	    new_pairs_make(context, &wish_with_its_texts, &pairs, err) &&
 *	    generated_pair_prove(&generated, &pairs, err) && new_pairs_write(context, &pairs, err)
 */
#ifndef RUNG_COMMAND_GENERATE_GENERATED_PAIR_H
#define RUNG_COMMAND_GENERATE_GENERATED_PAIR_H

#include "command/generate/catalog_filter.h"
#include "command/generate/pair_series.h"
#include "command/generate/table_size.h"
#include "command/project/new_pair.h"

struct generated_pair_options {
	const char *desired;    /* a side (side_name.h) */
	const char *exclude;    /* patterns (catalog_filter.h) of what is left out; NULL for none */
	const char *server_url; /* for scratch databases, as libpq has it; NULL: a server of our own */
	bool allows_data_loss;
	bool keeps_rows; /* what would be lost is copied aside, and brought back by the rollback */
	const struct table_sizes *sizes; /* of a database that it is for; NULL: not known */
	bool is_online;                  /* forms that lock less, in more migrations */
};

struct generated_pair {
	struct context *context;
	const struct generated_pair_options *options;
	struct side_room room;
	struct side from;
	struct side to;
	struct catalog_filter filter;
	struct renaming renaming;
	struct catalog_changes changes;
	struct change_pair pair;
	struct pair_series series;
	struct name_list not_back; /* tables and columns that are kept, and no rollback brings back */
	struct pair_text *texts;   /* of each step of the series; none: the migrations make the wanted schema
	                              already, which was said */
};

/* On the context's arena. Says what is renamed. `options` stay where they are as long as it is open. */
MUST_USE bool generated_pair_open(struct context *context, const struct generated_pair_options *options,
                                  struct generated_pair *out, struct error *err);
void generated_pair_close(struct generated_pair *generated);
#define scoped_generated_pair SCOPED(generated_pair_close)

/* The files that its texts are in do the same as the SQL they were made of; says what the proof was. */
MUST_USE bool generated_pair_prove(struct generated_pair *generated, const struct new_pairs *pairs,
                                   struct error *err);

#endif

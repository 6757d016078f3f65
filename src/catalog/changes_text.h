/*
 * changes_text.h - what differs between two catalogs, for people
 *
 * A line for an object that came ("+") or went ("-"), which says in short what
 * it is; for one that changed ("~") a line, and one below it for each fact:
 *
 *	+ column app.items.price: numeric default 0
 *	- index app.items_name_idx: USING btree (name)
 *	~ function app.total(integer)
 *	    volatility: not set -> stable
 *	    body:
 *	      - select 1
 *	      + select 2
 *
 * What belongs to an object stands behind it. What came or went with its
 * parent, such as the columns of a table, has no line of its own.
 */
#ifndef RUNG_CATALOG_CHANGES_TEXT_H
#define RUNG_CATALOG_CHANGES_TEXT_H

#include "base/buffer.h"
#include "catalog/catalog_changes.h"

/* At most `most_objects`, of which the others are counted by kind; 0: all of them. */
void changes_text(const struct catalog_changes *changes, size_t most_objects, struct buffer *out);

/* "2 tables, 1 index": all of them, counted by kind. */
void changes_count_text(const struct catalog_changes *changes, struct buffer *out);

#endif

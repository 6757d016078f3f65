/*
 * item_list.h - lists as the queries of the catalogs join them, by ", "
 */
#ifndef RUNG_CATALOG_ITEM_LIST_H
#define RUNG_CATALOG_ITEM_LIST_H

#include <stdbool.h>

#include "base/str.h"

/* "'a', 'b, c'": one item at a time, to the ", " that is in no quotes or parentheses; false at the end. */
bool item_list_next(struct str *rest, struct str *item);

#endif

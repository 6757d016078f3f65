#include "store/store_kind.h"

#include <string.h>

#include "store/backup_name.h"

/* "20261120T231500Z-1a2b3c4d." begins the last part of every name a backup has. */
bool store_may_sweep(const char *name)
{
	const char *last = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	const struct str id = str_slice(str_of(last), 0, BACKUP_ID_LEN);

	return strcmp(last, ".rung-may-write") == 0 || (is_backup_id(id) && last[BACKUP_ID_LEN] == '.');
}

void object_list_add(struct object_list *list, struct arena *arena, const char *prefix,
                     const struct stored_object *object)
{
	if (str_starts(str_of(object->name), prefix))
		*ARENA_PUSH(arena, list->items, list->count) = *object;
}

#include "history/run_record.h"

struct request run_record_begin(const struct qualified_name *history, const struct author *author,
                                const struct run_record *record, struct arena *arena)
{
	return request_make(history, SQL_history_run_begin,
	                    PARAMS(record->id, record->command, record->target, record->from, record->to,
	                           record->steps, author->os_user, author->host, author->tool_version),
	                    arena);
}

struct request run_record_finish(const struct qualified_name *history, const char *id, struct arena *arena)
{
	return request_make(history, SQL_history_run_finish, PARAMS(id), arena);
}

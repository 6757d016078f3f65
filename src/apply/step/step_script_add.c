#include "apply/step/step_script.h"

struct message *step_script_add(struct step_script *step_script, enum message_role role)
{
	struct message *message = ARENA_PUSH(&step_script->arena, step_script->messages, step_script->count);

	*message = (struct message){.role = role};
	return message;
}

void step_script_add_query(struct step_script *step_script, enum message_role role, enum step_query query)
{
	step_script_add(step_script, role)->request =
	    (struct request){.prepared = &step_queries[query], .sql = step_queries[query].sql};
}

void step_script_add_command(struct step_script *step_script, enum message_role role, const char *sql)
{
	step_script_add(step_script, role)->request = (struct request){.sql = sql};
}

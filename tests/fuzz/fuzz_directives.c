/*
 * Whatever the head of a file holds, reading its directives ends and touches
 * nothing outside it; so do names, checksums of text, and the judgement how a
 * file runs. Built by make fuzz.
 */
#include <stdint.h>

#include "migration/batch_directive.h"
#include "migration/directive.h"
#include "migration/mode.h"
#include "migration/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct str text, const struct directives *directives, struct arena *arena)
{
	const struct script_options options = {0};
	scoped_script struct script script = {0};
	enum run_mode mode;
	struct batch batch;
	struct error err;

	if (!script_parse(text, "fuzz", &options, arena, &script, &err))
		return;
	if (directives_check_script(&script, &err) && mode_of_script(&script, directives, 150000, &mode, &err))
		for (size_t i = 0; i < script.count; i++)
			if (batch_is_wanted(&script.statements[i]) &&
			    batch_parse(&script.statements[i], arena, &batch, &err))
				batch_text(&script.statements[i], &batch, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	const struct str text = {(const char *)data, size};
	struct directives directives = DIRECTIVES_NONE;
	struct error err;

	if (directives_parse(text, "fuzz", &arena, &directives, &err))
		judge(text, &directives, &arena);
	return 0;
}

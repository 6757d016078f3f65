#include "command/run/question.h"

#include "base/interrupt.h"

static bool refuse_alone(const char *deed, const char *hint, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s needs a person to confirm it, or --force", deed);
	return error_hint(err, "%s", hint ? hint : "On a terminal it asks instead.");
}

bool question_settle(struct context *context, const char *deed, const char *question, const char *expected,
                     const char *hint, struct error *err)
{
	if (option_is_given(context, "--force"))
		return true;
	if (!report_can_ask())
		return refuse_alone(deed, hint, err);
	if (report_confirm(context->reporter, question, expected))
		return true;
	return error_set(err, ERROR_CANCELLED,
	                 interrupt_requested() ? "cancelled, nothing was changed"
	                                       : "not confirmed, nothing was changed");
}

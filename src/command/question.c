#include "command/question.h"

#include "base/interrupt.h"

bool question_ask(struct context *context, const char *question, const char *expected, struct error *err)
{
	if (report_confirm(context->reporter, question, expected))
		return true;
	return error_set(err, ERROR_CANCELLED,
	                 interrupt_requested() ? "cancelled, nothing was changed"
	                                       : "not confirmed, nothing was changed");
}

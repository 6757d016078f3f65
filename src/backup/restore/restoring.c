#include "backup/restore/restore_internal.h"
#include "stream/progress.h"

bool restoring_push(struct restoring *it, const struct unwrap_options *unwrapping, struct spool *spool,
                    const char *verb, struct error *err)
{
	struct progress progress = {
	    .verb = verb, .expected_size = spool_size(spool), .reporter = it->options->reporter};
	scoped_sink struct sink *sink = progress_open(&progress, unwrap_open(unwrapping));

	return spool_push(spool, sink, err);
}

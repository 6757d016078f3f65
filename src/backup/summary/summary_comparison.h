/*
 * summary_comparison.h - whether a restored database is what was recorded
 */
#ifndef RUNG_BACKUP_SUMMARY_SUMMARY_COMPARISON_H
#define RUNG_BACKUP_SUMMARY_SUMMARY_COMPARISON_H

#include "backup/summary/summary.h"

enum likeness {
	LIKENESS_UNKNOWN, /* of another major version, or none was recorded */
	LIKENESS_EQUAL,
	LIKENESS_DIFFERENT,
};

struct summary_comparison {
	size_t tables;           /* whose rows were counted */
	enum likeness catalog;   /* the fingerprints */
	const char *differences; /* between them, a line each; "" for none */
};

/*
 * Compares a restored database with what was recorded. ERROR_STORAGE with the
 * first few differences in row counts, large objects and history; what the
 * fingerprints say is left to the caller to judge. Without `with_owners` the
 * kinds that speak of roles are passed over.
 */
MUST_USE bool summary_compare(struct session *db, const struct qualified_name *history,
                              const struct database_summary *recorded, bool with_owners, struct arena *arena,
                              struct summary_comparison *out, struct error *err);

#endif

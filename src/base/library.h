/*
 * library.h - shared libraries that are loaded when they are first needed
 *
 * What most runs do without is not linked: docs/decisions/ says what loading it at
 * every start costs. Anyone who uses such a library has a list of the functions it
 * calls, and one row of struct library; their types come from the installed header,
 * so the compiler still checks the calls:
 *
 *	#define ZSTD_FUNCTIONS(each) each(ZSTD_, isError) each(ZSTD_, createCCtx)
 *
 *	static struct {
 *		ZSTD_FUNCTIONS(LIBRARY_FIELD)
 *	} zstd;
 *	static const char *const functions[] = {ZSTD_FUNCTIONS(LIBRARY_NAME) NULL};
 *
 * ZSTD_isError() is then zstd.isError(), once library_load() has been asked for it.
 */
#ifndef RUNG_BASE_LIBRARY_H
#define RUNG_BASE_LIBRARY_H

#include "base/error.h"

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a member cannot be in parentheses */
#define LIBRARY_FIELD(prefix, name) __typeof__(prefix##name) *name;
#define LIBRARY_NAME(prefix, name) #prefix #name,

/* The file that the dynamic loader knows: a name, and the number of the interface the header is of. */
#ifdef __APPLE__
#define LIBRARY_FILE(name, number) name "." number ".dylib"
#else
#define LIBRARY_FILE(name, number) name ".so." number
#endif

struct library {
	const char *name;             /* for people */
	const char *files[3];         /* the first that is there is taken; ends with NULL */
	const char *hint;             /* what to do where none is */
	const char *const *functions; /* their names, in the order of `table`; ends with NULL */
	void *table;                  /* of pointers to functions, to be filled in */
	bool is_as_linked; /* its functions are found as a linked one's are: preloaded ones come first */
	bool is_loaded;
};

/*
 * Loads it, unless that was done before; it stays loaded to the end. ERROR_STORAGE
 * where it cannot be had. Not before other threads run that may ask for it too.
 */
MUST_USE bool library_load(struct library *library, struct error *err);

#endif

#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

static void *open_file(const struct library *library)
{
	void *handle = NULL;

	for (const char *const *file = library->files; *file && !handle; file++)
		handle = dlopen(*file, library->is_as_linked ? RTLD_LAZY | RTLD_GLOBAL : RTLD_NOW | RTLD_LOCAL);
	return handle;
}

/* A structure of nothing but pointers lies in memory as an array of them does. */
static bool find_functions(const struct library *library, void *handle, struct error *err)
{
	for (size_t i = 0; library->functions[i]; i++) {
		void *const address = dlsym(library->is_as_linked ? RTLD_DEFAULT : handle, library->functions[i]);

		if (!address)
			return error_set(err, ERROR_STORAGE, "cannot use the installed %s: it has no %s", library->name,
			                 library->functions[i]);
		memcpy((char *)library->table + i * sizeof(address), &address, sizeof(address));
	}
	return true;
}

bool library_load(struct library *library, struct error *err)
{
	if (library->is_loaded)
		return true;
	void *handle = open_file(library);

	if (!handle) {
		error_set(err, ERROR_STORAGE, "could not load %s: %s", library->name, dlerror());
		return error_hint(err, "%s", library->hint);
	}
	library->is_loaded = find_functions(library, handle, err);
	return library->is_loaded;
}

#include "backup/store_curl.h"

#include <dlfcn.h>
#include <stddef.h>

static const char *const libraries[] = {
#ifdef __APPLE__
    "libcurl.4.dylib",
#else
    "libcurl.so.4",
    "libcurl-gnutls.so.4",
#endif
};

#define CURL_FUNCTION_ROW(name) {"curl_" #name, offsetof(struct curl_library, name)},

static const struct {
	const char *name;
	size_t offset;
} functions[] = {CURL_FUNCTIONS(CURL_FUNCTION_ROW)};

static void *open_library(void)
{
	void *handle = NULL;

	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries) && !handle; i++)
		handle = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
	return handle;
}

static bool find_functions(void *handle, struct curl_library *library, struct error *err)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		void *address = dlsym(handle, functions[i].name);

		if (!address)
			return error_set(err, ERROR_STORAGE, "cannot use the installed libcurl: it has no %s",
			                 functions[i].name);
		*(void **)((char *)library + functions[i].offset) = address;
	}
	return true;
}

bool curl_load(const struct curl_library **out, struct error *err)
{
	static struct curl_library library;
	static bool is_loaded;
	void *handle;

	if (!is_loaded) {
		if (!(handle = open_library())) {
			error_set(err, ERROR_STORAGE, "could not load libcurl: %s", dlerror());
			return error_hint(err, "Install it (libcurl4 on Debian), or keep backups in a directory.");
		}
		if (!find_functions(handle, &library, err))
			return false;
		if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
			return error_set(err, ERROR_STORAGE, "could not start libcurl");
		is_loaded = true;
	}
	*out = &library;
	return true;
}

/*
 * store_curl.h - libcurl, loaded when the first request is made
 *
 * Most commands never talk to a store; docs/decisions/ says what loading it at
 * every start would cost them.
 */
#ifndef RUNG_STORE_STORE_CURL_H
#define RUNG_STORE_STORE_CURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/library.h"

#define CURL_FUNCTIONS(each)                                                                              \
	each(curl_, global_init) each(curl_, easy_init) each(curl_, easy_cleanup) each(curl_, easy_reset)     \
	    each(curl_, easy_setopt) each(curl_, easy_getinfo) each(curl_, easy_strerror)                     \
	        each(curl_, easy_pause) each(curl_, multi_init) each(curl_, multi_cleanup)                    \
	            each(curl_, multi_add_handle) each(curl_, multi_remove_handle) each(curl_, multi_perform) \
	                each(curl_, multi_poll) each(curl_, multi_wakeup) each(curl_, multi_strerror)         \
	                    each(curl_, multi_info_read) each(curl_, slist_append) each(curl_, slist_free_all)

/* curl_easy_init() is curl->easy_init(), and so on. */
struct curl_library {
	CURL_FUNCTIONS(LIBRARY_FIELD)
};

/* Not before other threads run; stays loaded to the end. */
MUST_USE bool curl_load(const struct curl_library **out, struct error *err);

#endif

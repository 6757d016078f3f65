/*
 * store_curl.h - libcurl, loaded when the first request is made
 *
 * Most commands never talk to a store; docs/decisions/ says what loading it at
 * every start would cost them.
 */
#ifndef RUNG_BACKUP_STORE_CURL_H
#define RUNG_BACKUP_STORE_CURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/error.h"

#define CURL_FUNCTIONS(each)                                                                         \
	each(global_init) each(easy_init) each(easy_cleanup) each(easy_reset) each(easy_setopt)          \
	    each(easy_getinfo) each(easy_strerror) each(easy_pause) each(multi_init) each(multi_cleanup) \
	        each(multi_add_handle) each(multi_remove_handle) each(multi_perform) each(multi_poll)    \
	            each(multi_wakeup) each(multi_strerror) each(multi_info_read) each(slist_append)     \
	                each(slist_free_all)

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a member cannot stand in parentheses */
#define CURL_FUNCTION_FIELD(name) __typeof__(curl_##name) *name;

/* curl_easy_init() is curl->easy_init(), and so on. */
struct curl_library {
	CURL_FUNCTIONS(CURL_FUNCTION_FIELD)
};

/* Not before other threads run; stays loaded to the end. */
MUST_USE bool curl_load(const struct curl_library **out, struct error *err);

#endif

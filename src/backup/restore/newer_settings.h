/*
 * newer_settings.h - what newer client programs set first and older servers do not know
 *
 * pg_dump and pg_restore begin with SETs that keep timeouts away, and since
 * version 17 one of them is for a setting that servers before 17 refuse. It
 * changes nothing there, but with --exit-on-error or --single-transaction
 * pg_restore ends at it, and psql does in a script. So where client and server
 * are such a pair, pg_restore runs without those two, is stopped at the first
 * error that is another one, and its own count of errors must be what these
 * settings make. In a script they are taken out of the lines before its first
 * statement that is no setting; what comes later passes untouched.
 */
#ifndef RUNG_BACKUP_RESTORE_NEWER_SETTINGS_H
#define RUNG_BACKUP_RESTORE_NEWER_SETTINGS_H

#include "base/child.h"
#include "stream/stream.h"

/* What one run of pg_restore may say; the watcher of the two functions below. */
struct newer_settings {
	size_t unknown; /* how many of the settings the server refuses; 0: pg_restore needs no help */
	bool by_jobs;   /* it sets them twice then, and several processes print at once */
};

/* Versions as 17 and 150004. */
struct newer_settings newer_settings_of(int client_major, int server_version);

/* For pipe.h and child.h. */
bool newer_settings_watch(const void *watcher, struct str errors, struct error *err);
bool newer_settings_excuse(const void *watcher, const struct child_result *result);

/* A script for a server of that version, without them. Owns `next`. */
struct sink *newer_settings_open(int server_version, struct sink *next);

#endif

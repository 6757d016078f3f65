/*
 * xml.h - the small XML documents object storage answers with
 *
 * Two levels are enough for all of them: texts below the root, and rows (such
 * as <Contents>) with texts of their own. What lies deeper is left out.
 */
#ifndef RUNG_STORE_XML_H
#define RUNG_STORE_XML_H

#include "base/error.h"
#include "store/http_header.h"

struct xml_row {
	const char *name;
	struct http_header_list fields;
};

struct xml_document {
	const char *root; /* without its namespace */
	struct http_header_list fields;
	struct xml_row *rows;
	size_t row_count;
};

/* Loads what reads them, before any thread does that needs it. */
MUST_USE bool xml_load(struct error *err);

/* False when it is not well-formed, cut short, nested too deeply, or brings a document type. */
bool xml_read(struct str text, struct arena *arena, struct xml_document *out);

/* With what has a meaning in XML escaped. */
char *xml_escape(struct arena *arena, const char *text);

#endif

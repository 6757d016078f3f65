/*
 * expat and no reading by hand, as what arrives is somebody else's text and entities, encodings and CDATA
 * are easy to get wrong. What documents have in common is small: values below the root, and rows of values.
 * Anything deeper is passed over, so that a field which a provider adds does no harm.
 *
 * A document type is refused at its beginning, since it is the only way in which a short document can
 * become a long one, and depth is bounded. With that, memory is bounded by the size of the answer, which
 * store_http.c bounds.
 *
 * libexpat is loaded when it is first needed (docs/decisions/0014). store_s3.c loads it when a store is
 * opened, before any thread may be the first.
 */
#include "store/xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

#include "base/buffer.h"
#include "base/library.h"

#define EXPAT_FUNCTIONS(each)                                                                             \
	each(XML_, ParserCreate) each(XML_, ParserFree) each(XML_, SetUserData) each(XML_, SetElementHandler) \
	    each(XML_, SetCharacterDataHandler) each(XML_, SetStartDoctypeDeclHandler) each(XML_, Parse)      \
	        each(XML_, StopParser)

static struct {
	EXPAT_FUNCTIONS(LIBRARY_FIELD)
} expat;
static const char *const functions[] = {EXPAT_FUNCTIONS(LIBRARY_NAME) NULL};

static struct library library = {
    .name = "libexpat",
    .files = {LIBRARY_FILE("libexpat", "1")},
    .hint = "Install it (libexpat1 on Debian): object storage answers in XML.",
    .functions = functions,
    .table = &expat,
};

bool xml_load(struct error *err)
{
	return library_load(&library, err);
}

/* What a parser keeps for every element that is open; nobody who answers us has more than five. */
enum { MOST_DEPTH = 16 };

/* Depth as expat counts it for us: 1 in the root, 2 in a child of it, 3 in a row's field. */
struct reader {
	XML_Parser parser;
	struct arena *arena;
	struct xml_document document;
	struct xml_row row; /* the child of the root we are in */
	const char *name;   /* the row's field we are in */
	struct buffer text;
	int depth;
};

static const char *copy_name(struct reader *reader, const char *name)
{
	const char *colon = strrchr(name, ':');

	return arena_strdup(reader->arena, colon ? colon + 1 : name);
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *reader = context;

	(void)attributes;
	if (++reader->depth > MOST_DEPTH)
		expat.StopParser(reader->parser, XML_FALSE);
	reader->text = (struct buffer){.arena = reader->arena};
	if (reader->depth == 1)
		reader->document.root = copy_name(reader, name);
	else if (reader->depth == 2)
		reader->row = (struct xml_row){.name = copy_name(reader, name)};
	else if (reader->depth == 3)
		reader->name = copy_name(reader, name);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
	struct reader *reader = context;
	struct xml_document *document = &reader->document;

	(void)name;
	if (reader->depth == 3)
		http_header_add(&reader->row.fields, reader->arena, reader->name, buffer_cstr(&reader->text));
	else if (reader->depth == 2 && reader->row.fields.count)
		*ARENA_PUSH(reader->arena, document->rows, document->row_count) = reader->row;
	else if (reader->depth == 2)
		http_header_add(&document->fields, reader->arena, reader->row.name, buffer_cstr(&reader->text));
	reader->depth--;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
	struct reader *reader = context;

	if (reader->depth == 2 || reader->depth == 3)
		buffer_add(&reader->text, (struct str){text, (size_t)len});
}

/* Nobody who answers us has one; entities that multiply do. */
static void XMLCALL on_document_type(void *context, const XML_Char *name, const XML_Char *system_id,
                                     const XML_Char *public_id, int has_internal_subset)
{
	(void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
	expat.StopParser(((struct reader *)context)->parser, XML_FALSE);
}

bool xml_read(struct str text, struct arena *arena, struct xml_document *out)
{
	struct error missing;

	if (!xml_load(&missing) || text.len > INT_MAX)
		return false;
	struct reader reader = {.arena = arena, .parser = expat.ParserCreate(NULL)};
	if (!reader.parser)
		return false;
	expat.SetUserData(reader.parser, &reader);
	expat.SetElementHandler(reader.parser, on_start, on_end);
	expat.SetCharacterDataHandler(reader.parser, on_text);
	expat.SetStartDoctypeDeclHandler(reader.parser, on_document_type);
	const bool is_read = expat.Parse(reader.parser, text.text, (int)text.len, 1) == XML_STATUS_OK;
	expat.ParserFree(reader.parser);
	if (is_read)
		*out = reader.document;
	return is_read;
}

char *xml_escape(struct arena *arena, const char *text)
{
	static const struct {
		char c;
		const char *escaped;
	} rows[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
	struct buffer buffer = {.arena = arena};

	for (; *text; text++) {
		const char *escaped = NULL;

		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
			if (rows[i].c == *text)
				escaped = rows[i].escaped;
		if (escaped)
			buffer_text(&buffer, escaped);
		else
			buffer_char(&buffer, *text);
	}
	return buffer_cstr(&buffer);
}

/*
 * store_stub.c - an object store that misbehaves as told
 *
 *	store_stub --log FILE [--port-file FILE] [--rate BYTES] [--upload KEY=TIME]... [FAULT...]
 *
 * One poll loop, no threads, loopback only; the port is written to the port
 * file. It speaks enough of S3 for PUT, GET, HEAD, DELETE, parts, Complete and
 * listings, and checks no signature. It takes no more than --rate bytes a second. With --upload there is an
 *unfinished upload of that key, begun at TIME ("2026-11-20T00:00:00.000Z"). A FAULT is
 *METHOD:WHAT:TIMES[:ARGUMENT]; WHAT is
 *
 *	none       does what is asked: so many are let pass before the next FAULT
 *	status     answers with the status ARGUMENT (500)
 *	slow-down  503 SlowDown with Retry-After: ARGUMENT
 *	reset      ends the connection with RST in place of an answer
 *	stall      answers nothing, and does not end either
 *	lost       does what is asked, then ends the connection in place of an answer
 *	error-200  200 with an <Error> of code ARGUMENT; error-404 likewise
 *	skew       RequestTimeTooSkewed, unless x-amz-date is near our Date, ARGUMENT seconds off
 *	region     301 with x-amz-bucket-region, unless the signature names the region ARGUMENT
 *	expired    ExpiredToken, unless the access key is ARGUMENT
 *	cut        ends the connection after ARGUMENT bytes of the body
 *	no-ranges  sends everything although a part was asked for
 *	replaced   another object of that name stands there since its first bytes were sent
 *	length     411 for a body sent in chunks
 *	half       a listing that says there is more, and not where
 *	circle     a listing whose pages come again and again
 *	endless    a listing that always has another page
 *	nested     a listing in which a million elements are open
 *	redirect   307 to ARGUMENT, a URL
 *	page       200 with a page for people, as a proxy that wants a name and a password sends
 *	untagged   does what is asked, and answers without a tag
 *	short      leaves the last ARGUMENT bytes of the body out, and its length says nothing of it
 *	drip       a byte of the body each second
 *	empty      a listing without what is there
 *	stray      a listing with keys that were not asked for
 *	headers    headers without end
 *
 * METHOD is PUT, GET, HEAD, DELETE, POST, COMPLETE for the POST that completes an
 * upload, PROBE for the PUT or DELETE of .rung-may-write, LIST for the GET of a listing, or UPLOADS for
 * that of what is unfinished. TIMES is how often, 0 for ever. Each request is a line of the log:
 * "METHOD TARGET STATUS SIZE". A request with the method FAULTS replaces the faults by those in its body, a
 * line each.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINES = 64, MOST_OBJECTS = 64, MOST_PARTS = 1024, MOST_FAULTS = 16, MOST_UPLOADS = 16 };

struct bytes {
	char *text;
	size_t len, size;
};

struct line {
	int fd; /* 0 for a free one */
	struct bytes in;
	bool was_told_to_continue;
	bool is_stalled;
};

struct request {
	char method[16], target[1024];
	const char *headers;
	struct bytes body;
	bool is_chunked;
};

struct object {
	char name[1024];
	struct bytes bytes;
};

struct fault {
	char method[16], what[16], argument[64];
	long times;
	bool is_endless;
};

/* Begun by somebody, and never completed. */
struct upload {
	char key[1024], begun[64]; /* an empty key: taken back */
};

static struct line lines[MOST_LINES];
static struct upload uploads[MOST_UPLOADS];
static size_t upload_count;
static struct object objects[MOST_OBJECTS];
static size_t object_count;
static struct bytes parts[MOST_PARTS];
static bool has_upload;
static struct fault faults[MOST_FAULTS];
static size_t fault_count;
static FILE *log_file;
static long skew_s;
static double rate; /* bytes a second; 0 for as many as come */
static volatile sig_atomic_t is_over;

static void die(const char *what)
{
	fprintf(stderr, "store_stub: could not %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add(struct bytes *bytes, const void *text, size_t len)
{
	while (bytes->len + len + 1 > bytes->size) {
		bytes->size = bytes->size ? bytes->size * 2 : 65536;
		bytes->text = realloc(bytes->text, bytes->size);
		if (!bytes->text)
			die("allocate memory");
	}
	if (len)
		memcpy(bytes->text + bytes->len, text, len);
	bytes->len += len;
	bytes->text[bytes->len] = '\0';
}

/* --- reading requests -------------------------------------------------------- */

/* The header's value, copied; "" without one. */
static const char *header(const struct request *request, const char *name)
{
	static char value[1024];
	const char *line = request->headers;

	while (line && *line && strncmp(line, "\r\n", 2) != 0) {
		if (strncasecmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') {
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + strlen(name) + 2, "\r"),
			         line + strlen(name) + 2);
			return value;
		}
		line = strstr(line, "\r\n");
		line = line ? line + 2 : NULL;
	}
	return "";
}

/* Takes chunks apart; false while the last has not come. */
static bool read_chunks(const char *text, size_t len, struct bytes *body, size_t *used)
{
	size_t at = 0;

	for (;;) {
		const char *end = memmem(text + at, len - at, "\r\n", 2);
		const size_t size = end ? strtoul(text + at, NULL, 16) : 0;

		if (!end || (size_t)(end - text) + 4 + size > len)
			return false;
		add(body, end + 2, size);
		at = (size_t)(end - text) + 4 + size;
		if (size == 0) {
			*used = at;
			return true;
		}
	}
}

static bool has_fault(const struct request *request, const char *what);

/* Whether the request is whole; `used` bytes of the input are it. */
static bool read_request(struct line *line, struct request *request, size_t *used)
{
	const char *end = line->in.len ? memmem(line->in.text, line->in.len, "\r\n\r\n", 4) : NULL;

	if (!end)
		return false;
	const size_t head = (size_t)(end - line->in.text) + 4;
	*request = (struct request){.headers = strstr(line->in.text, "\r\n") + 2};
	sscanf(line->in.text, "%15s %1023s", request->method, request->target);
	request->is_chunked = strcasecmp(header(request, "transfer-encoding"), "chunked") == 0;
	if (request->is_chunked && has_fault(request, "length")) {
		*used = line->in.len;
		return true;
	}
	if (strcasecmp(header(request, "expect"), "100-continue") == 0 && !line->was_told_to_continue) {
		line->was_told_to_continue = true;
		(void)!write(line->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	}
	if (request->is_chunked) {
		size_t len;
		const bool is_whole = read_chunks(line->in.text + head, line->in.len - head, &request->body, &len);

		*used = head + len;
		if (!is_whole)
			free(request->body.text);
		return is_whole;
	}
	const size_t len = strtoul(header(request, "content-length"), NULL, 10);
	if (line->in.len < head + len)
		return false;
	add(&request->body, line->in.text + head, len);
	*used = head + len;
	return true;
}

/* --- faults --------------------------------------------------------------------- */

static const char *method_of(const struct request *request)
{
	if (strcmp(request->method, "POST") == 0 && strstr(request->target, "uploadId="))
		return "COMPLETE";
	if (strcmp(request->method, "GET") == 0 && strstr(request->target, "list-type="))
		return "LIST";
	if (strcmp(request->method, "GET") == 0 && strstr(request->target, "uploads="))
		return "UPLOADS";
	if (strstr(request->target, "/.rung-may-write") && strcmp(request->method, "POST") != 0 &&
	    strcmp(request->method, "GET") != 0)
		return "PROBE";
	return request->method;
}

static bool is_meant(const struct fault *fault, const struct request *request)
{
	return strcmp(fault->method, method_of(request)) == 0 && (fault->times > 0 || fault->is_endless);
}

static struct fault *find_fault(const struct request *request, const char *what)
{
	for (size_t i = 0; i < fault_count; i++)
		if (is_meant(&faults[i], request) && (!what || strcmp(faults[i].what, what) == 0))
			return &faults[i];
	return NULL;
}

static bool has_fault(const struct request *request, const char *what)
{
	return find_fault(request, what) != NULL;
}

static void add_fault(const char *text)
{
	struct fault *fault = &faults[fault_count++];

	if (sscanf(text, "%15[^:]:%15[^:]:%ld:%63s", fault->method, fault->what, &fault->times, fault->argument) <
	    3) {
		fprintf(stderr, "store_stub: cannot read the fault \"%s\"\n", text);
		exit(2);
	}
	fault->is_endless = fault->times == 0;
	if (strcmp(fault->what, "skew") == 0)
		skew_s = atol(fault->argument);
}

static void add_upload(const char *text)
{
	struct upload *upload = &uploads[upload_count++];

	if (sscanf(text, "%1023[^=]=%63s", upload->key, upload->begun) != 2) {
		fprintf(stderr, "store_stub: cannot read the upload \"%s\"\n", text);
		exit(2);
	}
}

/* --- answers ------------------------------------------------------------------------ */

struct answer {
	int status;
	char headers[1024];
	struct bytes body;
	size_t cut_at;     /* bytes of the body after which the connection ends; 0 for never */
	bool is_head_only; /* the length stands for a body that is not sent */
	bool is_silent, is_reset, is_lost, is_dripping, has_endless_headers;
};

static void say_error(struct answer *answer, int status, const char *code)
{
	char text[512];
	const int len =
	    snprintf(text, sizeof(text),
	             "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>as told</Message></Error>", code);

	answer->status = status;
	answer->body.len = 0;
	add(&answer->body, text, (size_t)len);
}

static bool is_near_our_time(const struct request *request)
{
	struct tm utc = {0};

	if (sscanf(header(request, "x-amz-date"), "%4d%2d%2dT%2d%2d%2dZ", &utc.tm_year, &utc.tm_mon, &utc.tm_mday,
	           &utc.tm_hour, &utc.tm_min, &utc.tm_sec) != 6)
		return false;
	utc.tm_year -= 1900;
	utc.tm_mon -= 1;
	return labs((long)(timegm(&utc) - time(NULL)) - skew_s) < 300;
}

static bool signature_names(const struct request *request, const char *before, const char *what,
                            const char *after)
{
	char text[128];

	snprintf(text, sizeof(text), "%s%s%s", before, what, after);
	return strstr(header(request, "authorization"), text) != NULL;
}

static void add_text(struct bytes *bytes, const char *text)
{
	add(bytes, text, strlen(text));
}

/* Faults that answer in place of the store; false when the store is to answer. */
static bool misbehave(const struct request *request, const struct fault *fault, struct answer *answer)
{
	const char *what = fault->what;

	if (strcmp(what, "status") == 0)
		say_error(answer, atoi(fault->argument), atoi(fault->argument) == 500 ? "InternalError" : "Told");
	else if (strcmp(what, "slow-down") == 0) {
		say_error(answer, 503, "SlowDown");
		snprintf(answer->headers, sizeof(answer->headers), "Retry-After: %s\r\n", fault->argument);
	} else if (strcmp(what, "reset") == 0)
		answer->is_reset = true;
	else if (strcmp(what, "stall") == 0)
		answer->is_silent = true;
	else if (strcmp(what, "error-200") == 0)
		say_error(answer, 200, fault->argument);
	else if (strcmp(what, "error-404") == 0)
		say_error(answer, 404, fault->argument);
	else if (strcmp(what, "page") == 0)
		add_text(&answer->body, "<!DOCTYPE html><html><body>Please log in</body></html>");
	else if (strcmp(what, "redirect") == 0) {
		answer->status = 307;
		snprintf(answer->headers, sizeof(answer->headers), "Location: %s\r\n", fault->argument);
	} else if (strcmp(what, "length") == 0 && request->is_chunked)
		say_error(answer, 411, "MissingContentLength");
	else if (strcmp(what, "skew") == 0 && !is_near_our_time(request))
		say_error(answer, 403, "RequestTimeTooSkewed");
	else if (strcmp(what, "expired") == 0 && !signature_names(request, "Credential=", fault->argument, "/"))
		say_error(answer, 400, "ExpiredToken");
	else if (strcmp(what, "region") == 0 && !signature_names(request, "/", fault->argument, "/s3/")) {
		say_error(answer, 301, "PermanentRedirect");
		snprintf(answer->headers, sizeof(answer->headers), "x-amz-bucket-region: %s\r\n", fault->argument);
	} else
		return false;
	return true;
}

/* --- the store ---------------------------------------------------------------------- */

static struct object *find_object(const char *name)
{
	for (size_t i = 0; i < object_count; i++)
		if (strcmp(objects[i].name, name) == 0)
			return &objects[i];
	return NULL;
}

static void keep(const char *name, const struct bytes *bytes)
{
	struct object *object = find_object(name);

	if (!object)
		object = &objects[object_count++];
	snprintf(object->name, sizeof(object->name), "%s", name);
	object->bytes.len = 0;
	add(&object->bytes, bytes->text, bytes->len);
}

static void put(const struct request *request, const char *name, struct answer *answer)
{
	const char *part = strstr(request->target, "partNumber=");
	const size_t number = part ? strtoul(part + strlen("partNumber="), NULL, 10) : 0;

	if (part && (!has_upload || number >= MOST_PARTS)) {
		say_error(answer, 404, "NoSuchUpload");
		return;
	}
	if (!part && *header(request, "if-none-match") && find_object(name)) {
		say_error(answer, 412, "PreconditionFailed");
		return;
	}
	if (part) {
		parts[number].len = 0;
		add(&parts[number], request->body.text, request->body.len);
	} else {
		keep(name, &request->body);
	}
	snprintf(answer->headers, sizeof(answer->headers), "ETag: \"e%zu\"\r\n", number);
}

static void begin(struct answer *answer)
{
	const char *text =
	    "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>";

	for (size_t i = 0; i < MOST_PARTS; i++)
		parts[i].len = 0;
	has_upload = true;
	add(&answer->body, text, strlen(text));
}

static void complete(const char *name, struct answer *answer)
{
	const char *text = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>";
	struct bytes whole = {0};

	if (!has_upload) {
		say_error(answer, 404, "NoSuchUpload");
		return;
	}
	for (size_t i = 0; i < MOST_PARTS; i++)
		add(&whole, parts[i].text, parts[i].len);
	keep(name, &whole);
	free(whole.text);
	has_upload = false;
	add(&answer->body, text, strlen(text));
}

static void get(const struct request *request, const char *name, struct answer *answer)
{
	const struct object *object = find_object(name);
	const char *range = header(request, "range");
	size_t from = 0;

	if (!object) {
		say_error(answer, 404, "NoSuchKey");
		return;
	}
	if (*range && !has_fault(request, "no-ranges") && sscanf(range, "bytes=%zu-", &from) == 1)
		answer->status = 206;
	if (from && has_fault(request, "replaced") && *header(request, "if-match")) {
		say_error(answer, 412, "PreconditionFailed");
		return;
	}
	snprintf(answer->headers, sizeof(answer->headers), "ETag: \"whole\"\r\n");
	add(&answer->body, object->bytes.text + from, object->bytes.len - from);
}

/* Of a listing that does not end: marks that come again, and marks that never do. */
static void add_endless(struct answer *answer, const struct request *request, const char *mark)
{
	static const char *const circle[] = {"a", "b", "c"};
	static unsigned count;
	char text[256];

	count++;
	if (has_fault(request, "circle"))
		snprintf(text, sizeof(text), "<IsTruncated>true</IsTruncated><%s>%s</%s>", mark, circle[count % 3],
		         mark);
	else if (has_fault(request, "endless"))
		snprintf(text, sizeof(text), "<IsTruncated>true</IsTruncated><%s>%u</%s>", mark, count, mark);
	else
		return;
	add_text(&answer->body, text);
}

/* An answer that is small on the line and large in a parser that keeps what is open. */
static void add_nested(struct answer *answer, const struct request *request)
{
	for (size_t i = 0; has_fault(request, "nested") && i < 1000000; i++)
		add_text(&answer->body, "<a>");
}

/* Keys are kept as they stood in the request's path, which is how a listing is asked for. */
static void list(const struct request *request, const char *bucket, struct answer *answer)
{
	const size_t len = strcspn(bucket + 1, "/") + 1; /* of "/bucket/" */
	char row[128];

	add_text(&answer->body, "<ListBucketResult>");
	for (size_t i = 0; i < object_count && !has_fault(request, "empty"); i++) {
		if (strncmp(objects[i].name, bucket, len) != 0 || objects[i].name[len] != '/')
			continue;
		snprintf(row, sizeof(row),
		         "</Key><LastModified>2026-11-20T00:00:00.000Z</LastModified><Size>%zu</Size></Contents>",
		         objects[i].bytes.len);
		add_text(&answer->body, "<Contents><Key>");
		add_text(&answer->body, objects[i].name + len + 1);
		add_text(&answer->body, row);
	}
	if (has_fault(request, "stray"))
		add_text(&answer->body, "<Contents><Key>elsewhere/secret.json</Key><Size>1</Size></Contents>");
	if (has_fault(request, "half"))
		add_text(&answer->body, "<IsTruncated>true</IsTruncated>");
	add_endless(answer, request, "NextContinuationToken");
	add_nested(answer, request);
	add_text(&answer->body, "</ListBucketResult>");
}

static void list_uploads(const struct request *request, struct answer *answer)
{
	char row[256];

	add_text(&answer->body, "<ListMultipartUploadsResult>");
	for (size_t i = 0; i < upload_count; i++) {
		if (!*uploads[i].key)
			continue;
		snprintf(row, sizeof(row), "</Key><UploadId>old-%zu</UploadId><Initiated>%s</Initiated></Upload>", i,
		         uploads[i].begun);
		add_text(&answer->body, "<Upload><Key>");
		add_text(&answer->body, uploads[i].key);
		add_text(&answer->body, row);
	}
	if (has_fault(request, "half"))
		add_text(&answer->body, "<IsTruncated>true</IsTruncated>");
	add_endless(answer, request, "NextKeyMarker");
	add_nested(answer, request);
	add_text(&answer->body, "</ListMultipartUploadsResult>");
}

static void take_back(const char *upload_id)
{
	size_t number;

	if (sscanf(upload_id, "old-%zu", &number) == 1 && number < upload_count)
		uploads[number].key[0] = '\0';
	else
		has_upload = false;
}

static void delete (const struct request *request, const char *name, struct answer *answer)
{
	struct object *object = find_object(name);

	if (strstr(request->target, "uploadId="))
		take_back(strstr(request->target, "uploadId=") + strlen("uploadId="));
	else if (object)
		object->name[0] = '\0';
	answer->status = 204;
}

static void serve(const struct request *request, struct answer *answer)
{
	char name[1024];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(request->target, "?"), request->target);
	if (strcmp(request->method, "PUT") == 0)
		put(request, name, answer);
	else if (strcmp(request->method, "DELETE") == 0)
		delete (request, name, answer);
	else if (strcmp(request->method, "POST") == 0 && strstr(request->target, "uploads="))
		begin(answer);
	else if (strcmp(request->method, "POST") == 0)
		complete(name, answer);
	else if (strcmp(method_of(request), "LIST") == 0)
		list(request, name, answer);
	else if (strstr(request->target, "?") && strstr(request->target, "uploads="))
		list_uploads(request, answer);
	else
		get(request, name, answer);
}

static void decide(const struct request *request, struct answer *answer)
{
	struct fault *fault = find_fault(request, NULL);

	answer->status = 200;
	if (fault && fault->times > 0)
		fault->times--;
	if (fault && misbehave(request, fault, answer))
		return;
	if (fault && strstr("no-ranges replaced half circle endless nested empty stray", fault->what))
		fault->times++; /* asked for again while serving */
	serve(request, answer);
	if (fault && strcmp(fault->what, "untagged") == 0)
		answer->headers[0] = '\0';
	answer->is_dripping = fault && strcmp(fault->what, "drip") == 0;
	answer->has_endless_headers = fault && strcmp(fault->what, "headers") == 0;
	if (fault && strcmp(fault->what, "short") == 0 && answer->body.len > strtoul(fault->argument, NULL, 10))
		answer->body.len -= strtoul(fault->argument, NULL, 10);
	answer->is_lost = fault && strcmp(fault->what, "lost") == 0;
	answer->cut_at = fault && strcmp(fault->what, "cut") == 0 ? strtoul(fault->argument, NULL, 10) : 0;
}

/* --- lines ------------------------------------------------------------------------------ */

static void close_line(struct line *line, bool with_reset)
{
	const struct linger linger = {.l_onoff = 1};

	if (with_reset)
		setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(line->fd);
	free(line->in.text);
	*line = (struct line){0};
}

static bool send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		text += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool drip(int fd, const char *text, size_t len)
{
	for (size_t i = 0; i < len && !is_over; i++) {
		if (!send_all(fd, text + i, 1))
			return false;
		sleep(1);
	}
	return true;
}

static bool send_headers_without_end(int fd)
{
	static const char header[] = "x-more: of this\r\n";

	if (!send_all(fd, "HTTP/1.1 200 OK\r\n", strlen("HTTP/1.1 200 OK\r\n")))
		return false;
	while (!is_over)
		if (!send_all(fd, header, sizeof(header) - 1))
			return false;
	return false;
}

static bool send_answer(struct line *line, const struct answer *answer)
{
	const time_t now = time(NULL) + skew_s;
	const size_t len =
	    answer->cut_at && answer->cut_at < answer->body.len ? answer->cut_at : answer->body.len;
	char head[2048];
	char date[64];
	struct tm utc;

	if (answer->has_endless_headers)
		return send_headers_without_end(line->fd);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
	const int head_len =
	    snprintf(head, sizeof(head), "HTTP/1.1 %d As Told\r\nDate: %s\r\n%sContent-Length: %zu\r\n\r\n",
	             answer->status, date, answer->headers, answer->status == 204 ? 0 : answer->body.len);
	if (!send_all(line->fd, head, (size_t)head_len))
		return false;
	if (answer->is_dripping)
		return drip(line->fd, answer->body.text, len);
	return answer->is_head_only || (send_all(line->fd, answer->body.text, len) && len == answer->body.len);
}

static void note(const struct request *request, const struct answer *answer)
{
	fprintf(log_file, "%s %s %d %zu\n", request->method, request->target,
	        answer->is_silent || answer->is_reset ? 0 : answer->status, request->body.len);
	fflush(log_file);
}

static void read_faults(const struct bytes *lines_of_faults, struct answer *answer)
{
	char *rest = lines_of_faults->text;
	const char *fault;

	fault_count = 0;
	memset(faults, 0, sizeof(faults));
	while (rest && (fault = strsep(&rest, "\n")))
		if (*fault)
			add_fault(fault);
	answer->status = 204;
}

/* False when the line has ended. */
static bool answer_request(struct line *line, const struct request *request)
{
	/* No answer to HEAD has a body, an error's neither: a client takes it for the next answer. */
	struct answer answer = {.is_head_only = strcmp(request->method, "HEAD") == 0};
	bool goes_on = true;

	if (strcmp(request->method, "FAULTS") == 0) {
		read_faults(&request->body, &answer);
	} else {
		decide(request, &answer);
		note(request, &answer);
	}
	if (answer.is_silent)
		line->is_stalled = true;
	else if (answer.is_reset || answer.is_lost || !send_answer(line, &answer))
		goes_on = false;
	/* What follows a refused body could not be told from the next request. */
	if (answer.status == 411)
		goes_on = false;
	free(answer.body.text);
	if (!goes_on)
		close_line(line, answer.is_reset);
	return goes_on;
}

static void take_time(size_t len)
{
	const double seconds = rate > 0 ? (double)len / rate : 0;
	const struct timespec pause = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

	if (rate > 0)
		nanosleep(&pause, NULL);
}

static void read_line(struct line *line)
{
	static char chunk[1 << 18];
	struct request request;
	size_t used;
	const ssize_t got = read(line->fd, chunk, sizeof(chunk));

	if (got <= 0) {
		close_line(line, false);
		return;
	}
	take_time((size_t)got);
	add(&line->in, chunk, (size_t)got);
	while (!line->is_stalled && read_request(line, &request, &used)) {
		const bool goes_on = answer_request(line, &request);

		free(request.body.text);
		if (!goes_on)
			return;
		memmove(line->in.text, line->in.text + used, line->in.len - used);
		line->in.len -= used;
		line->was_told_to_continue = false;
	}
}

static void accept_line(int listener)
{
	const int fd = accept(listener, NULL, NULL);

	for (size_t i = 0; fd >= 0 && i < MOST_LINES; i++)
		if (!lines[i].fd) {
			lines[i].fd = fd;
			return;
		}
	if (fd >= 0)
		close(fd);
}

static int listen_on_loopback(const char *port_file)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		die("listen");
	FILE *file = fopen(port_file, "w");
	if (!file)
		die("write the port file");
	fprintf(file, "%d\n", ntohs(address.sin_port));
	fclose(file);
	return fd;
}

static void on_signal(int number)
{
	(void)number;
	is_over = 1;
}

static void loop(int listener)
{
	struct pollfd polls[MOST_LINES + 1] = {{.fd = listener, .events = POLLIN}};

	for (size_t i = 0; i < MOST_LINES; i++)
		polls[i + 1] = (struct pollfd){.fd = lines[i].fd ? lines[i].fd : -1, .events = POLLIN};
	if (poll(polls, MOST_LINES + 1, 1000) <= 0)
		return;
	for (size_t i = 0; i < MOST_LINES; i++)
		if (polls[i + 1].revents && lines[i].fd == polls[i + 1].fd)
			read_line(&lines[i]);
	if (polls[0].revents)
		accept_line(listener);
}

int main(int argc, char **argv)
{
	const char *port_file = "port";

	signal(SIGTERM, on_signal);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--log") == 0 && i + 1 < argc)
			log_file = fopen(argv[++i], "w");
		else if (strcmp(argv[i], "--port-file") == 0 && i + 1 < argc)
			port_file = argv[++i];
		else if (strcmp(argv[i], "--rate") == 0 && i + 1 < argc)
			rate = atof(argv[++i]);
		else if (strcmp(argv[i], "--upload") == 0 && i + 1 < argc)
			add_upload(argv[++i]);
		else
			add_fault(argv[i]);
	}
	if (!log_file)
		die("open the log");
	const int listener = listen_on_loopback(port_file);
	while (!is_over)
		loop(listener);
	return 0;
}

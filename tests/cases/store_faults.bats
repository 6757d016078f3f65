# What the stores make of servers that fail, stall, lie and lose answers.

load ../lib/rung
load ../lib/store

setup() { store_setup; }
teardown() { store_teardown; }

# Twice a part and a bit, so three parts.
large() { some_bytes 35000000 >large; }

get_and_compare() {
	"$STORE_PROGRAMS/storetool" "$1" get "$2" >got
	cmp got "$3"
}

assert_nothing_stored() {
	run_store "$1" get "$2"
	assert_status 5
	assert_errors_contain "NoSuchKey"
}

count_of() { stub_log | grep -c "$1" || true; }

@test "a small object is one PUT" {
	stub_start
	some_bytes 1000 >small
	run_store s3://bucket/here put a/b.json <small
	assert_status 0
	get_and_compare s3://bucket/here a/b.json small
	assert_equal "$(stub_log | head -n 1)" "PUT /bucket/here/a/b.json 200 1000"
}

@test "what an object store says in passing is tried again: 500, 503 with Retry-After, resets" {
	stub_start PUT:status:2:500 PUT:slow-down:1:1 PUT:reset:2
	some_bytes 1000 >small
	run_store s3://bucket put a <small
	assert_status 0
	assert_equal "$(count_of '^PUT')" 6
	get_and_compare s3://bucket a small
}

@test "six tries are enough" {
	stub_start PUT:status:0:500
	run_store s3://bucket put a </dev/null
	assert_status 5
	assert_equal "$(count_of '^PUT')" 6
	assert_errors_contain "InternalError (HTTP 500)"
	assert_errors_contain "tried 6 times"
	refute_errors_contain "secret-of-the-stub"
}

@test "a refusal is not tried again" {
	stub_start PUT:status:0:400
	run_store s3://bucket put a </dev/null
	assert_status 5
	assert_equal "$(count_of '^PUT')" 1
}

@test "a transfer that stands still is given up and tried again" {
	stub_start PUT:stall:1
	some_bytes 1000 >small
	run_store --patience-ms 1000 s3://bucket put a <small
	assert_status 0
	get_and_compare s3://bucket a small
}

@test "parts that fail are sent again, and the whole is the whole" {
	large
	stub_start PUT:status:1:500 PUT:reset:1 POST:slow-down:1:0 COMPLETE:status:1:503
	run_store s3://bucket put a <large
	assert_status 0
	get_and_compare s3://bucket a large
}

@test "an upload whose parts cannot be sent is taken back" {
	large
	stub_start PUT:status:0:500
	run_store s3://bucket put a <large
	assert_status 5
	assert_equal "$(count_of '^DELETE .*uploadId')" 1
	assert_nothing_stored s3://bucket a
}

@test "an upload that is discarded is taken back" {
	large
	stub_start
	run_store s3://bucket begin a <large
	assert_status 0
	assert_equal "$(count_of '^DELETE .*uploadId')" 1
	assert_nothing_stored s3://bucket a
}

@test "an upload is taken back when we are told to stop" {
	large
	stub_start PUT:stall:0
	"$STORE_PROGRAMS/storetool" s3://bucket put a <large 2>errors 3>&- 4>&- &
	local pid=$!
	wait_until 60 sees_parts
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 130
	assert_equal "$(cat errors)" cancelled
	assert_equal "$(count_of '^DELETE .*uploadId')" 1
}
sees_parts() { [ "$(count_of '^PUT .*partNumber')" -ge 1 ]; }

@test "a lost answer to Complete: it is repeated, then the object is looked at" {
	large
	stub_start COMPLETE:lost:1
	run_store s3://bucket put a <large
	assert_status 0
	assert_equal "$(count_of '^POST .*uploadId')" 2
	assert_equal "$(count_of '^HEAD')" 1
	get_and_compare s3://bucket a large
}

@test "a lost answer to Complete, and nobody lets us look: said, not guessed" {
	large
	stub_start COMPLETE:lost:1 HEAD:status:0:403
	run_store s3://bucket put a <large
	assert_status 5
	assert_errors_contain "NoSuchUpload"
}

@test "a lost answer to a small PUT is not taken for somebody else's object" {
	stub_start PUT:lost:1
	some_bytes 1000 >small
	run_store s3://bucket put a <small
	assert_status 0
	run_store s3://bucket put a <small
	assert_status 5
	assert_errors_contain "it exists"
}

@test "200 with an error inside is an error" {
	large
	stub_start COMPLETE:error-200:1:InternalError
	run_store s3://bucket put a <large
	assert_status 0
	get_and_compare s3://bucket a large

	stub_start COMPLETE:error-200:0:InvalidPart
	run_store s3://bucket put b <large
	assert_status 5
	assert_errors_contain "InvalidPart (HTTP 200)"
	assert_equal "$(count_of '^DELETE .*uploadId')" 1
}

@test "a clock that is wrong by hours is corrected from the server's, once" {
	stub_start PUT:skew:0:-30000
	run_store s3://bucket put a </dev/null
	assert_status 0
	assert_equal "$(count_of '^PUT')" 2

	stub_start PUT:status:0:403
	run_store s3://bucket put a </dev/null
	assert_status 5
}

@test "the wrong region is left for the right one, once" {
	stub_start PUT:region:0:eu-central-1
	run_store s3://bucket put a </dev/null
	assert_status 0
	assert_equal "$(count_of '^PUT')" 2
}

@test "expired credentials are read again, once" {
	mkdir .aws
	stub_start COMPLETE:expired:0:AKIAFRESH
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	profile AKIAOLD
	large
	run_store s3://bucket put a <large
	assert_status 5
	assert_errors_contain "ExpiredToken"
	assert_equal "$(count_of '^POST .*uploadId')" 2

	# Renewed while an upload is under way.
	mkfifo pipe
	"$STORE_PROGRAMS/storetool" s3://bucket put b <pipe 3>&- 4>&- &
	local pid=$! fd
	exec {fd}>pipe
	some_bytes 20000000 >&"$fd"
	wait_until 20 sees_second_upload
	profile AKIAFRESH
	exec {fd}>&-
	wait "$pid"
}
profile() {
	printf '[default]\naws_access_key_id = %s\naws_secret_access_key = a\n' "$1" >.aws/new
	mv .aws/new .aws/credentials
}
sees_second_upload() { [ "$(count_of '^POST .*uploads')" -ge 2 ]; }

@test "a download that breaks off continues where it stood" {
	large
	stub_start GET:cut:3:5000000
	run_store s3://bucket put a <large
	get_and_compare s3://bucket a large
	assert_equal "$(count_of '^GET')" 4
}

@test "a download from a server that knows no ranges is right too" {
	some_bytes 100000 >small
	stub_start GET:cut:1:50000 GET:no-ranges:0
	run_store s3://bucket put a <small
	get_and_compare s3://bucket a small
}

@test "the rest of a download is not taken from another object" {
	local store
	some_bytes 100000 >small
	for store in s3://bucket web; do
		stub_start GET:cut:1:50000 GET:replaced:1
		if [ "$store" = web ]; then store=$STUB_URL/dir; fi
		run_store "$store" put a <small
		assert_status 0
		run_store "$store" get a
		assert_status 5
		assert_errors_contain 412
	done
}

@test "a download that never gets anywhere ends" {
	some_bytes 1000 >small
	stub_start GET:reset:0
	run_store s3://bucket put a <small
	run_store s3://bucket get a
	assert_status 5
	assert_equal "$(count_of '^GET')" 6
}

@test "a listing that is cut short is no listing" {
	stub_start LIST:error-200:0:Nothing
	run_store s3://bucket list
	assert_status 5
}

# --- who answers is no store, or leads elsewhere --------------------------------

@test "a page for people with status 200 is not taken for a store's yes" {
	local store
	some_bytes 1000 >small
	stub_start
	run_store s3://bucket put a <small
	stub_faults PUT:page:0 GET:none:0 DELETE:page:0 LIST:page:0 POST:page:0
	run_store s3://bucket put b <small
	assert_status 5
	assert_errors_contain "the answer is not an object store's"
	run_store s3://bucket remove a
	assert_status 5
	run_store s3://bucket list
	assert_status 5
	run_store s3://bucket check
	assert_status 5
	stub_faults PUT:untagged:1
	run_store s3://bucket put c <small
	assert_status 0 # tried again, refused as it is there, and looked at
	assert_equal "$(count_of '^HEAD')" 2 # once for removing a
	stub_faults PUT:page:1 LIST:short:1:3
	run_store s3://bucket put b <small
	assert_status 0
	run_store s3://bucket list
	assert_output "1000 a
1000 b
1000 c"
}

@test "a redirect takes nothing along to another place, and is named" {
	local elsewhere
	some_bytes 1000 >small
	stub_start
	elsewhere=$STUB
	local target=$STUB_URL/stolen
	stub_start
	run_store s3://bucket put a <small
	stub_faults "PUT:redirect:0:$target" "GET:redirect:0:$target" "LIST:redirect:0:$target" "DELETE:redirect:0:$target" "POST:redirect:0:$target"
	for verb in "put b" "get a" list "remove a" check; do
		# shellcheck disable=SC2086 # words
		run_store s3://bucket $verb <small
		assert_status 5
		assert_errors_contain 307
		assert_errors_contain "It redirects to another place"
	done
	RUNG_BACKUP_TOKEN=a-token run_store "$STUB_URL/dir" put b <small
	assert_status 5
	assert_errors_contain "It redirects to another place"
	assert_equal "$(cat "$RUNG_RUN/$elsewhere/requests")" ""
}

@test "a region that a server names leads to no other host" {
	stub_start PUT:region:0:evil.example/#
	run_store s3://bucket put a </dev/null
	assert_status 5
	assert_equal "$(count_of '^PUT')" 1
}

@test "an answer that trickles is no answer" {
	some_bytes 1000 >small
	stub_start
	run_store s3://bucket put a <small
	for fault in GET:drip:1 LIST:drip:1; do
		stub_faults "$fault"
		run_store --patience-ms 100 s3://bucket "$([ "${fault%%:*}" = GET ] && echo get || echo list)" a
		assert_status 0
		if [ "$fault" = GET:drip:1 ]; then assert_equal "$output" "$(cat small)"; fi
	done
}

# --- HTTPS PUT -----------------------------------------------------------------

@test "a web server gets a small object with its length and a large one in chunks" {
	large
	some_bytes 1000 >small
	stub_start
	RUNG_BACKUP_TOKEN=a-token run_store "$STUB_URL/dir/" put "a b.json" <small
	assert_status 0
	run_store "$STUB_URL/dir" put large <large
	assert_status 0
	assert_equal "$(stub_log | head -n 1)" "PUT /dir/a%20b.json 200 1000"
	get_and_compare "$STUB_URL/dir" large large
	get_and_compare "$STUB_URL/dir" "a b.json" small
	run_store "$STUB_URL/dir" put large </dev/null
	assert_status 5
	assert_errors_contain "it exists"
	run_store "$STUB_URL/dir" remove large
	assert_output removed
}

@test "a web server that wants a length gets one, from a spool file" {
	large
	stub_start PUT:length:0
	run_store "$STUB_URL" put a <large
	assert_status 0
	assert_equal "$(count_of '^PUT.* 411 ')" 1
	get_and_compare "$STUB_URL" a large
	assert_equal "$(find "$TMPDIR" -name 'rung-backup.*')" ""
}

@test "a web server that fails half way gets no second try, and no half object" {
	large
	stub_start PUT:reset:1
	run_store "$STUB_URL" put a <large
	assert_status 5
	run_store "$STUB_URL" get a
	assert_status 5
	assert_errors_contain "HTTP 404"
}

@test "a listing that goes in a circle, never ends or nests without end is given up" {
	local verb fault
	for verb in list sweep; do
		for fault in circle endless nested; do
			stub_start "$([ $verb = list ] && echo LIST || echo UPLOADS):$fault:0"
			run_store --patience-ms 100 s3://bucket "$verb"
			assert_status 5
			case $fault in
			circle) assert_errors_contain "repeats itself" ;;
			endless) assert_errors_contain "has no end" ;;
			esac
			stop_helper "$STUB"
		done
	done
}

@test "a web server that answers everything with a page is no store, and one that may not be read is" {
	stub_start
	run_store "$STUB_URL" check
	assert_status 0
	assert_equal "$(stub_log | cut -d' ' -f1,3 | paste -sd,)" "PUT 200,GET 200,DELETE 204"
	stub_faults PROBE:page:0 GET:page:0
	run_store "$STUB_URL" check
	assert_status 5
	assert_errors_contain "returned something else for it"
	stub_faults GET:status:0:403
	run_store "$STUB_URL" check
	assert_status 0
	assert_equal "$(count_of '^GET .* 403 ')" 1
}

@test "a web upload that is discarded leaves nothing" {
	large
	stub_start
	run_store "$STUB_URL" begin a <large
	assert_status 0
	run_store "$STUB_URL" get a
	assert_status 5
}

@test "a web server cannot be listed, and that is said" {
	stub_start
	run_store "$STUB_URL" list
	assert_status 5
	assert_errors_contain "HTTP has no way to list"
}

@test "tokens go nowhere unencrypted" {
	RUNG_BACKUP_TOKEN=hush-hush run_store http://backups.example/ put a </dev/null
	assert_status 2
	assert_errors_contain "is not encrypted"
	refute_errors_contain hush-hush
}

# shellcheck shell=bash
# store.bash - the stores without the rest of the program, and servers for them
#
#	run_store [OPTION…] URL VERB…   storetool; then $status, $output, $errors
#	stub_start [FAULT…]             a store that misbehaves; sets STUB_URL and AWS_ENDPOINT_URL
#	stub_faults [FAULT…]            other faults from now on
#	stub_log                        a line for each request it got
#	some_bytes COUNT >FILE          the same at each call

STORE_PROGRAMS=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}

# Nothing of the person who runs the tests may lead to a store of theirs.
store_forget() {
	local name
	for name in $(compgen -e | grep -E '^(AWS_|RUNG_BACKUP_|SSL_CERT|https?_proxy|HTTPS?_PROXY|ALL_PROXY)'); do unset "$name"; done
}

# Needs no database: only a folder of its own.
store_setup() {
	store_forget
	PROJECT=$(mktemp -d "$RUNG_RUN/tmp/store.XXXXXX")
	export HOME=$PROJECT LC_ALL=C.UTF-8
	test_pids=()
	cd "$PROJECT" || return 1
}

store_teardown() {
	local name
	for name in "${test_pids[@]}"; do stop_helper "$name"; done
	cd / && rm -rf "$PROJECT"
}

run_store() {
	run --separate-stderr limited 120 "$STORE_PROGRAMS/storetool" --retry-ms 20 "$@"
	# shellcheck disable=SC2154,SC2034 # bats sets it; claims show it
	errors=$stderr
	# shellcheck disable=SC2034 # claims show it
	last_command="storetool $*"
}

stub_start() {
	local dir=$RUNG_RUN/stub-$BATS_SUITE_TEST_NUMBER-$RANDOM
	mkdir "$dir"
	STUB=${dir##*/}
	"$STORE_PROGRAMS/store_stub" --log "$dir/requests" --port-file "$dir/port" "$@" </dev/null >"$dir/log" 2>&1 3>&- 4>&- &
	helper_started "$STUB" "$!"
	wait_until 10 test -s "$dir/port" || {
		cat "$dir/log" >&2
		return 1
	}
	STUB_URL=http://127.0.0.1:$(cat "$dir/port")
	export AWS_ENDPOINT_URL=$STUB_URL AWS_ACCESS_KEY_ID=AKIASTUB AWS_SECRET_ACCESS_KEY=secret-of-the-stub
}

# stub_faults [FAULT…] - from now on these, in place of those before.
stub_faults() { printf '%s\n' "$@" | curl -sf -X FAULTS --data-binary @- "$STUB_URL/"; }

stub_log() { cat "$RUNG_RUN/$STUB/requests"; }

some_bytes() { yes 'every line of this is the same' | head -c "$1"; }

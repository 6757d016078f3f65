#!/bin/sh
# run_tests.sh - installs what the tests need and runs them all
#
# The last line is "N passed, N failed" (and ", N skipped"), over unit tests,
# checks and cases; what was skipped says why further up. Exits non-zero when
# anything failed. Arguments go to make: scripts/run_tests.sh MODE=asan
set -eu

# Only variables: "--help" would be make's own, "-n" would pass without a test.
for argument in "$@"; do
	case $argument in
	-h | --help)
		sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	?*=*) ;;
	*)
		echo "run_tests.sh: unknown argument \"$argument\"; see scripts/run_tests.sh --help" >&2
		exit 2
		;;
	esac
done

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/caller.sh
. "$here/../tests/lib/caller.sh"
cd "$here/.."

scripts/install_dependencies.sh --tests

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM

# Built side by side first. The checks that need one processor run beside the cases, which wait a good deal, and
# are printed when those are over; -k so that one failure does not hide the others.
run_all() {
	make -s -j "$(getconf _NPROCESSORS_ONLN)" "$@" check-programs || return
	make -s -k "$@" check-alone >"$logs/alone" 2>&1 &
	alone=$!
	status=0
	make -s "$@" check-cases || status=$?
	wait "$alone" || status=$?
	cat "$logs/alone"
	return "$status"
}

{
	status=0
	run_all "$@" || status=$?
	echo "$status" >"$logs/status"
} </dev/null 2>&1 | tee "$logs/output"

# Every part ends with a line "what: N passed, N failed[, N skipped]"; cmocka has its own words.
awk -v status="$(cat "$logs/status")" '
	/^\[  (PASSED|FAILED|SKIPPED) *\] .*[0-9]+ test\(s\)/ {
		count = $0
		sub(/ test\(s\).*/, "", count)
		sub(/.* /, "", count)
		if (/PASSED/) passed += count
		else if (/FAILED/) failed += count
		else skipped += count
	}
	/^[a-z]+: [0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
		passed += $2; failed += $4; skipped += $6
	}
	END {
		if (status != 0 && !failed) failed = 1
		printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
		exit failed > 0
	}' "$logs/output"

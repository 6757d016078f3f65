#!/bin/sh
# coverage.sh - which lines of src/ do unit tests, fuzz seeds, oracle and cases reach together?
#
#	scripts/coverage.sh --ready            is gcovr here? what make coverage asks before half an hour of tests
#	scripts/coverage.sh BUILD              what it calls when those have run
#
# Prints a line for each file of src/ and the whole; BUILD/coverage.html shows which lines are not
# reached. Takes gcovr. Fails below FLOOR percent of lines (90).
set -eu

cd "$(dirname "$0")/.."
build=$1
floor=${FLOOR:-90}
if ! command -v gcovr >/dev/null; then
	echo "coverage.sh: gcovr is not installed (Debian: apt-get install gcovr)" >&2
	exit 1
fi
if [ "$build" = --ready ]; then exit 0; fi
gcovr --root . --filter 'src/' --object-directory "$build" --exclude-unreachable-branches \
	--html-details "$build/coverage.html" --txt --fail-under-line "$floor" \
	--gcov-ignore-parse-errors "$build"

#!/bin/sh
# check_lint.sh - clang-tidy and cppcheck over src/
#
# Arguments are the preprocessor's flags; "make check-lint" gives them.
set -eu

cd "$(dirname "$0")/.."
passed=0
failed=0
skipped=0
jobs=$(getconf _NPROCESSORS_ONLN)

# Runs one linter if it is here: its name, then the flags.
lint() {
	linter=$1
	shift
	if ! command -v "$linter" >/dev/null; then
		echo "lint: skipped, $linter is not installed"
		skipped=$((skipped + 1))
	elif "run_$(echo "$linter" | tr - _)" "$@"; then
		passed=$((passed + 1))
	else
		echo "lint: $linter found something"
		failed=$((failed + 1))
	fi
}

run_clang_tidy() {
	find src -name '*.c' -print0 | xargs -0 -P "$jobs" -I '{}' clang-tidy --quiet '{}' -- -std=gnu17 "$@" 2>/dev/null
}

# A scoped_fd closes itself, which cppcheck does not see; nobody else of ours reads
# a directory or the users' table at the same time.
run_cppcheck() {
	cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr --error-exitcode=1 -j "$jobs" \
		--library=posix --library=gnu --suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=resourceLeak --suppress=readdirCalled --suppress=getpwnamCalled --suppress=getpwuidCalled \
		"$@" src
}

lint clang-tidy "$@"
lint cppcheck "$@"

echo "lint: $passed passed, $failed failed$(if [ "$skipped" -gt 0 ]; then echo ", $skipped skipped"; fi)"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# check_results.sh - is every bool that a function of ours returns looked at?
#
# An error that is returned and dropped is how success comes to be said of what was
# not done. The compiler warns of it where MUST_USE says so; here it is said of every
# function that returns bool, in a copy of src/ that is compiled and thrown away.
# What is dropped on purpose is written (void)!call(). CC and the flags of the
# preprocessor are given by make.
set -eu

cd "$(dirname "$0")/.."
compiler=${CC:-cc}

# These return no outcome: they fill an error and are always false, or return the
# next of a list, or what a setting was before.
always_false='error_[a-z_]*|wire_failed|wire_not_sent|connection_lost|request_explain|passage_blame|statement_blame|fail_at_command|script_refuse|refuse_key|value_error|unknown_error|settings_refuse_no_database'
no_outcome='[a-z_]*_next|session_hold_cancel'

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r src "$copy/src"
for folder in "$@"; do case $folder in -Ibuild*) set -- "$@" "-I$PWD/${folder#-I}" ;; esac done
flags=("$@")
cd "$copy"
grep -rlE '^(static )?bool [a-z_0-9]+\(' src | xargs sed -i -E 's/^(static )?bool ([a-z_0-9]+\()/\1MUST_USE bool \2/'

# gcc says this only when it generates code.
# shellcheck disable=SC2016 # for the inner shell
find src -name '*.c' -print0 | xargs -0 -n 8 -P "$(getconf _NPROCESSORS_ONLN)" sh -c '
	compiler=$1 flags=$2
	shift 2
	for file in "$@"; do
		# shellcheck disable=SC2086 # flags are several words
		$compiler $flags -include "$PWD/src/base/attribute.h" -std=gnu17 -Wunused-result -O0 -S -o /dev/null "$file" 2>&1
	done || true' sh "$compiler" "${flags[*]} -Wno-error" >log || true

dropped=$(sed -nE "s/^(src[^:]*:[0-9]+):.*(ignoring return value of .)([a-z_0-9]+).*/  \1 \3/p" log |
	grep -vE " ($always_false|$no_outcome)\$" || true)
if grep -q 'error:' log; then
	printf 'results: it does not compile:\n%s\n' "$(grep 'error:' log | head -n 5)"
	echo "results: 0 passed, 1 failed"
	exit 1
fi
if [ -z "$dropped" ]; then
	echo "results: 1 passed, 0 failed"
else
	printf 'results: dropped, and nobody knows\n%s\n' "$dropped"
	echo "results: 0 passed, 1 failed"
	exit 1
fi

#!/bin/sh
# check_format.sh - is the code formatted as .clang-format says?
#
# Other versions of clang-format lay some things out otherwise, so only 14 judges.
# CLANG_FORMAT names the program.
set -eu

cd "$(dirname "$0")/.."
formatter=${CLANG_FORMAT:-$(command -v clang-format-14 || command -v clang-format || true)}

if [ -z "$formatter" ]; then
	echo "format: skipped, clang-format is not installed"
	echo "format: 0 passed, 0 failed, 1 skipped"
elif ! "$formatter" --version | grep -q 'version 14\.'; then
	echo "format: skipped, $("$formatter" --version | head -n 1) is not version 14"
	echo "format: 0 passed, 0 failed, 1 skipped"
else
	files=$(find src tests/unit tests/lib -name '*.[ch]' -exec "$formatter" --dry-run -Werror {} + 2>&1 |
		sed -n 's/^\([^ ]*\.[ch]\):[0-9]*:.*/  \1/p' | sort -u)
	if [ -z "$files" ]; then
		echo "format: 1 passed, 0 failed"
	else
		printf 'format: "make format" lays out\n%s\n' "$files"
		echo "format: 0 passed, 1 failed"
		exit 1
	fi
fi

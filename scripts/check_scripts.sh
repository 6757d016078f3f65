#!/bin/sh
# check_scripts.sh - shellcheck over every script
set -eu

cd "$(dirname "$0")/.."
if ! command -v shellcheck >/dev/null; then
	echo "scripts: skipped, shellcheck is not installed"
	echo "scripts: 0 passed, 0 failed, 1 skipped"
elif shellcheck -x .ci/run scripts/*.sh tests/*.sh tests/lib/*.bash docs/examples/*.sh; then
	echo "scripts: 1 passed, 0 failed"
else
	echo "scripts: 0 passed, 1 failed"
	exit 1
fi

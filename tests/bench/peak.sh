#!/bin/sh
# peak.sh COMMAND... - its peak resident memory in kB, on standard output
set -eu
report=$(mktemp)
trap 'rm -f "$report"' EXIT
/usr/bin/time -f %M -o "$report" "$@" >/dev/null
cat "$report"

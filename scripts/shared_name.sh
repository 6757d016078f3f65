#!/usr/bin/env bash
# shared_name.sh CC NAME - what a program that is linked with -lNAME would ask the dynamic loader for
#
# Libraries that the program loads itself, when it needs them, have to be asked for
# by that name: the link without a version comes with the headers and may be missing
# where the program runs.
set -eu

compiler=$1 name=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

echo 'int main(void) { return 0; }' >"$directory/empty.c"
# Unquoted on purpose: CC may be "ccache gcc".
# shellcheck disable=SC2086
if [ "$(uname)" = Darwin ]; then
	$compiler -o "$directory/empty" "$directory/empty.c" -Wl,-needed-l"$name"
	otool -L "$directory/empty" | sed -n "s|^[[:space:]]*\([^ ]*lib${name}[^ ]*\).*|\1|p" | head -n 1
else
	$compiler -o "$directory/empty" "$directory/empty.c" -Wl,--no-as-needed -l"$name"
	objdump -p "$directory/empty" | sed -n "s/^ *NEEDED *\(lib${name}\..*\)/\1/p" | head -n 1
fi

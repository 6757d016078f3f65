#!/bin/sh
# check_compilers.sh - does it build without a warning with every compiler there is?
#
#	scripts/check_compilers.sh                     every gcc and clang from 11 and 13 on
#	scripts/check_compilers.sh gcc-14 clang-19     these
#
# Each builds everything that the tests need with -Werror, unoptimized, at -O2 and -O3,
# as a whole (-flto) and with _FORTIFY_SOURCE 3; FLAGS names some of O0, O2, O3, lto and
# fortify. Compilers that are not installed are named. Builds go to build/compilers and
# are removed. Takes about a minute a build and processor.
# The last line is "compilers: N passed, N failed[, N skipped]".
set -eu

cd "$(dirname "$0")/.."
jobs=$(getconf _NPROCESSORS_ONLN)
passed=0
failed=0
skipped=0
absent=

known() {
	for major in 11 12 13 14 15 16; do echo "gcc-$major"; done
	for major in 13 14 15 16 17 18 19 20 21 22; do echo "clang-$major"; done
}

# With clang the linker has to know what the compiler wrote, and none but its own always does.
flags_of() {
	case $2-$1 in
	O0-*) echo MODE=debug ;;
	O2-*) echo CFLAGS=-Werror ;;
	O3-*) echo "CFLAGS=-O3 -Werror" ;;
	lto-clang*) echo "CFLAGS=-flto -fuse-ld=lld -Werror" ;;
	lto-*) echo "CFLAGS=-flto=auto -Werror" ;;
	fortify-*) echo "CFLAGS=-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror" ;;
	*) echo "check_compilers.sh: unknown flags \"$2\"; O0, O2, O3, lto and fortify are known" >&2 && exit 2 ;;
	esac
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: $1"
}

build() {
	folder=build/compilers/$1-$2
	rm -rf "$folder"
	mkdir -p "$folder"
	flags=$(flags_of "$1" "$2")
	werror=
	if [ "$2" = O0 ]; then werror=CFLAGS=-Werror; fi
	if make -s -k -j "$jobs" CC="$1" BUILD="$folder" "$flags" ${werror:+"$werror"} check-programs >"$folder/log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok: $1 $2"
		grep -E 'error|warning' "$folder/log" | sort | uniq -c | sort -rn | head -n 20
	fi
	rm -rf "$folder"
}

if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046 # names without spaces
	set -- $(known)
fi
for compiler in "$@"; do
	if ! command -v "$compiler" >/dev/null; then
		absent="$absent $compiler"
		continue
	fi
	for kind in ${FLAGS:-O0 O2 O3 lto fortify}; do
		case $kind-$compiler in
		lto-clang*) if ! command -v ld.lld >/dev/null; then skip "$compiler -flto: lld is not installed" && continue; fi ;;
		esac
		build "$compiler" "$kind"
	done
done
if [ -n "$absent" ]; then echo "not installed:$absent"; fi
rmdir build/compilers 2>/dev/null || true
echo "compilers: $passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]

#!/bin/sh
# check_musl.sh - does every source compile against musl's headers?
#
#	scripts/check_musl.sh FLAGS    what make check-musl calls, with the preprocessor's flags
#
# Takes musl-gcc (Debian: musl-tools) and this machine's headers of the libraries, which say nothing
# of the C library. Nothing is linked: CI builds and tests on a system that has musl throughout.
# The last line is "musl: N passed, N failed[, N skipped]".
set -eu

cd "$(dirname "$0")/.."
if ! command -v musl-gcc >/dev/null; then
	echo "musl: skipped, musl-gcc is not installed (Debian: musl-tools)"
	echo "musl: 0 passed, 0 failed, 1 skipped"
	exit 0
fi

include=$(mktemp -d)
trap 'rm -rf "$include"' EXIT
trap 'exit 130' INT TERM

# The headers of libraries, and nothing of glibc's beside them. Of those that differ by processor the
# system keeps a part apart.
link_headers() {
	postgresql=$(pkg-config --variable=includedir libpq)
	multiarch=/usr/include/$(cc -print-multiarch)
	ln -s "$postgresql"/libpq-*.h "$postgresql"/postgres_ext.h "$postgresql"/pg_config_ext.h "$include"
	for name in sodium.h sodium jansson.h jansson_config.h ini.h zstd.h zstd_errors.h \
		expat.h expat_config.h expat_external.h uthash.h pg_query.h; do
		for found in "/usr/include/$name" "$multiarch/$name"; do
			if [ -e "$found" ]; then ln -s "$found" "$include" && break; fi
		done
	done
	for folder in openssl curl; do
		mkdir "$include/$folder"
		for found in "/usr/include/$folder" "$multiarch/$folder"; do
			if [ -d "$found" ]; then cp -rs "$found/." "$include/$folder/"; fi
		done
	done
}

link_headers
passed=0
failed=0
for source in $(find src -name '*.c' | sort) build/gen/queries.c; do
	if musl-gcc -std=gnu17 "$@" -isystem "$include" -Wall -Wextra -Werror -fsyntax-only "$source"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "musl: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# Turns src/FLOOR/NAME.sql into the C string SQL_FLOOR_NAME.
# usage: embed_queries.sh OUTPUT_DIRECTORY FILE.sql...
# Comment lines and indentation are left out: they would be sent to the server every time.
set -eu
out=$1
shift

{
	echo '/* Made from the .sql files under src/ by scripts/embed_queries.sh. */'
	for file in "$@"; do
		floor=$(basename "$(dirname "$file")")
		name=$(basename "$file" .sql)
		echo "extern const char SQL_${floor}_${name}[];"
	done
} >"$out/queries.h"

{
	echo '#include "queries.h"'
	for file in "$@"; do
		floor=$(basename "$(dirname "$file")")
		name=$(basename "$file" .sql)
		echo "const char SQL_${floor}_${name}[] ="
		sed -e '/^[[:space:]]*--/d' -e '/^[[:space:]]*$/d' -e 's/^[[:space:]]*//' \
			-e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/	"/' -e 's/$/\\n"/' "$file"
		echo '	;'
	done
} >"$out/queries.c"

#!/bin/sh
# Turns src/.../FOLDER/NAME.sql into the C string SQL_FOLDER_NAME; SQL_NAME where the name begins with the folder's.
# usage: embed_queries.sh OUTPUT_DIRECTORY FILE.sql...
# Comment lines and indentation are left out: they would be sent to the server every time.
set -eu
out=$1
shift

string_name() {
	folder=$(basename "$(dirname "$1")")
	name=$(basename "$1" .sql)
	echo "SQL_${folder}_${name#"${folder}"_}"
}

{
	echo '/* Made from the .sql files under src/ by scripts/embed_queries.sh. */'
	for file in "$@"; do
		echo "extern const char $(string_name "$file")[];"
	done
} >"$out/queries.h"

{
	echo '#include "queries.h"'
	for file in "$@"; do
		echo "const char $(string_name "$file")[] ="
		sed -e '/^[[:space:]]*--/d' -e '/^[[:space:]]*$/d' -e 's/^[[:space:]]*//' \
			-e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/	"/' -e 's/$/\\n"/' "$file"
		echo '	;'
	done
} >"$out/queries.c"

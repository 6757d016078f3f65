#!/usr/bin/env bash
# check_output.sh - does everything that is printed pass the place where it is cleaned?
#
# What leaves for a screen or a log goes through reporter_write() and its like in
# src/report/reporter.c, or is a line of src/report/log_file.c. This looks for calls that
# print, in every other file of src/, and for escape sequences written out. What is
# known are constants that are printed when there is no memory left or nothing may continue, and the place
# itself. And an event is made by the function of its kind (report/event.h): one filled in by hand forgets
# what means nothing in it, which is not 0. SOURCES names another src/.
set -eu

cd "$(dirname "$0")/.."
sources=${SOURCES:-src}

# The file, and the line.
known='base/arena.c fputs("rung: out of memory\n", stderr);
pg/query.c fprintf(stderr, "rung: internal error: column %d of row %zu was read from an answer of %d by %zu\n",
crypto/secret.c fprintf(stderr, "rung: %s\n", why);
report/display.c buffer_printf(&out, "\033[%sm", colour);'

calls='\b(v?printf|v?fprintf|v?dprintf|puts|fputs|putchar|fputc|putc|fwrite|perror|psignal|fputws|wprintf) *\('
descriptors='\b(write|writev|send) *\( *(1|2|STDOUT_FILENO|STDERR_FILENO)\b'
escapes='"(.*[^\\])?\\(033|x1[bB])'

found=
while IFS= read -r hit; do
	file=${hit%%:*}
	file=${file#"$sources"/}
	line=${hit#*:*:}
	line=${line#"${line%%[![:blank:]]*}"}
	case $file in report/report.c | report/reporter.c) continue ;; esac
	case $line in '*'* | '/*'* | PRINTF_LIKE*) continue ;; esac
	if ! grep -qxF -- "$file $line" <<<"$known"; then found="$found  $hit"$'\n'; fi
done < <(grep -rnE --include='*.[ch]' "$calls|$descriptors|$escapes" "$sources" || true)

if [ -n "$found" ]; then
	printf 'output: printed past the place where it is cleaned (report/reporter.h)\n%s' "$found"
	echo "output: 0 passed, 1 failed"
	exit 1
fi
by_hand=$(grep -rnE --include='*.[ch]' '\(struct event\) *\{|struct event [a-z_]+(\[\])? = \{' "$sources" |
	grep -v "^$sources/report/event.c:" || true)
if [ -n "$by_hand" ]; then
	printf 'output: an event that no function of its kind has made (report/event.h)\n%s\n' "$by_hand"
	echo "output: 0 passed, 1 failed"
	exit 1
fi
echo "output: 1 passed, 0 failed"

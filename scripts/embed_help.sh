#!/bin/sh
# Turns src/command/help/NAME.txt into the struct help_text HELP_NAME.
# usage: embed_help.sh OUTPUT_DIRECTORY FILE.txt...
#
#	# summary       one line, without a full stop
#	# title         one line: of a topic
#	# description   paragraphs with blank lines between them, wrapped at will;
#	                a line that begins with "|" is kept as it is after that
#	# examples      a command, and below it, indented, what it is for
#	# items         a term, and below it, indented, what it means: of a topic
#
# What cannot be read fails the build.
set -eu
out=$1
shift

{
	echo '/* Made from src/command/help/NAME.txt by scripts/embed_help.sh. */'
	echo '#include "command/help/help_text.h"'
	for file in "$@"; do
		echo "extern const struct help_text HELP_$(basename "$file" .txt | tr - _);"
	done
} >"$out/help_texts.h.part"

# shellcheck disable=SC2016 # for awk
awk '
function fail(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why >"/dev/stderr"
	failed = 1
	exit 1
}
function literal(text) {
	gsub(/\\/, "&&", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	gsub(/\n/, "\\n\"\n\t\t\"", text)
	return "\"" text "\""
}
function finish_file(   i) {
	if (file == "") return
	if (!("summary" in texts) || !("description" in texts)) {
		printf "%s: has no summary or no description\n", file >"/dev/stderr"
		failed = 1
		exit 1
	}
	name = file
	sub(/.*\//, "", name)
	sub(/\.txt$/, "", name)
	symbol = name
	gsub(/-/, "_", symbol)
	printf "const struct help_text HELP_%s = {\n\t.name = \"%s\",\n", symbol, name
	for (i = 1; i <= section_count; i++)
		if (sections[i] in texts) printf "\t.%s =\n\t\t%s,\n", sections[i], literal(texts[sections[i]])
	print "};"
	split("", texts)
	section = ""
}
function add(text, between) {
	if (section in texts) text = texts[section] between text
	texts[section] = text
}
BEGIN {
	split("", texts)
	section_count = split("summary title description examples items", sections, " ")
	for (i in sections) known[sections[i]] = 1
	print "#include \"help_texts.h\""
}
FNR == 1 { finish_file(); file = FILENAME }
/^# / {
	section = substr($0, 3)
	if (!(section in known)) fail("there is no section \"" section "\"")
	if (section in texts) fail("a second section \"" section "\"")
	is_new = 1
	next
}
/^$/ { is_new = 1; next }
section == "" { fail("text before the first section") }
section == "examples" || section == "items" {
	if (!/^    /) { add($0, "\n"); has_meaning = 0 }
	else if (!(section in texts)) fail("a meaning without a term")
	else { sub(/^ +/, ""); add($0, has_meaning ? " " : "\t"); has_meaning = 1 }
	next
}
section != "description" {
	if (section in texts) fail("more than one line of " section)
	add($0, "")
	next
}
{
	verbatim = sub(/^\|/, "")
	add($0, is_new ? "\n\n" : verbatim || was_verbatim ? "\n" : " ")
	was_verbatim = verbatim
	is_new = 0
}
END { if (!failed) finish_file() }' "$@" >"$out/help_texts.c.part"

mv "$out/help_texts.h.part" "$out/help_texts.h"
mv "$out/help_texts.c.part" "$out/help_texts.c"

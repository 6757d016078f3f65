#!/usr/bin/awk -f
# Joins the statements of each "-- apply" section of a script with "\;", so that
# psql sends a section as one message. Knows just what the benchmark's files hold:
# a statement ends where a line does, and no literal spans lines that end in ";".
function flush_section(  i) {
	for (i = 1; i <= count; i++)
		print statements[i] (i < count ? " \\;" : ";")
	count = 0
}
/^-- apply/ { flush_section(); inside = 1; text = ""; next }
!inside { print; next }
{
	text = text (text == "" ? "" : "\n") $0
	if (text ~ /^[ \n]*$/) { text = ""; next }
	if ($0 ~ /;$/ && gsub(/'/, "'", text) % 2 == 0) {
		sub(/\n?;$/, "", text)
		statements[++count] = text
		text = ""
	}
}
END { flush_section() }

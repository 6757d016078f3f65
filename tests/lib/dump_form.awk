# What pg_dump -s says, in a form in which two dumps can be compared: an object a block, in the order of their names, and the
# lines of CREATE TABLE (and of the like) in an order of their own, as that of columns does not count. What else does not is
# said where it is put in order.

function emit() {
	add_sorted(granted)
	granted = 0
	if (block != "")
		print head block | "sort"
	block = ""
}

function add(line) {
	block = block "\001" line
}

function sort_inner(count, i, j, moved) {
	for (i = 2; i <= count; i++)
		for (j = i; j > 1 && inner[j - 1] > inner[j]; j--) {
			moved = inner[j]
			inner[j] = inner[j - 1]
			inner[j - 1] = moved
		}
}

# The lines between the parentheses.
function add_sorted(count, i) {
	sort_inner(count)
	for (i = 1; i <= count; i++)
		add(inner[i])
}

function in_order(list, items, count, i, text) {
	count = split(list, items, ", ")
	for (i = 1; i <= count; i++)
		inner[i] = items[i]
	sort_inner(count)
	text = inner[1]
	for (i = 2; i <= count; i++)
		text = text ", " inner[i]
	return text
}

/^-- Name: / || /^-- Data for Name: / {
	emit()
	head = $0
	next
}
/^--/ || /^$/ || /^SET default_/ || /^SET [a-z_]+ = / || /^SELECT pg_catalog.set_config/ || /^\\(un)?restrict / { next }
/^CREATE (UNLOGGED )?(FOREIGN )?TABLE .*\($/ || /^CREATE TYPE .* AS \($/ {
	add($0)
	count = 0
	is_inside = 1
	next
}
is_inside && /^\)/ {
	add_sorted(count)
	is_inside = 0
}
is_inside {
	line = $0
	sub(/,$/, "", line)
	sub(/ CONSTRAINT [a-z0-9_]+_not_null[0-9]* NOT NULL/, " NOT NULL", line) # names that say no more than what it is
	inner[++count] = line
	next
}
/^WITH \(.*\);$/ { # storage parameters are in the order in which they were set
	sub(/^WITH \(/, "")
	sub(/\);$/, "")
	add("WITH (" in_order($0) ");")
	next
}
/^CREATE STATISTICS .* ON [^(]* FROM/ { # in the order of columns
	match($0, / ON .* FROM /)
	add(substr($0, 1, RSTART + 3) in_order(substr($0, RSTART + 4, RLENGTH - 10)) substr($0, RSTART + RLENGTH - 6))
	next
}
/^GRANT / {
	inner[++granted] = $0
	next
}
{ add($0) }
END {
	emit()
	close("sort")
}

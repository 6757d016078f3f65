#!/usr/bin/env bash
# run_cases.sh - the cases, on a private PostgreSQL server of their own
#
#	tests/run_cases.sh                     all of them
#	tests/run_cases.sh upgrade lock        files whose path contains one of these
#	tests/run_cases.sh -f 'two deployers'  tests whose name matches
#	tests/run_cases.sh -v upgrade          every test's line, not only the summary
#	TIMES=1 tests/run_cases.sh             and which tests took more than 5 s
#
# RUNG is the program (build/rung), RUNG_TEST_JOBS how many files run side by side
# (one more than processors), each of them with a server of its own, so that nobody sees another's locks
# and backends. RUNG_TEST_SERVER_URL is a server to use in place of those, by one
# file after the other; its user must be a superuser. The last line is
# "cases: N passed, N failed[, N skipped]".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/caller.sh
source "$here/lib/caller.sh"
# shellcheck source=tests/lib/server.bash
source "$here/lib/server.bash"

usage() {
	sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"
}

verbose=
filter=
patterns=()
while [ $# -gt 0 ]; do
	case $1 in
	-v) verbose=1 ;;
	-f) filter=$2 && shift ;;
	-h | --help) usage && exit 0 ;;
	*) patterns+=("$1") ;;
	esac
	shift
done

command -v bats >/dev/null || { echo "cases: bats is not installed; scripts/install_dependencies.sh --tests" >&2 && exit 1; }

# A socket's path has room for about 100 characters.
TMPDIR=${TMPDIR:-/tmp}
if [ ${#TMPDIR} -gt 40 ]; then TMPDIR=/tmp; fi
RUNG_RUN=$(mktemp -d "$TMPDIR/rung-cases.XXXXXX")
results=$RUNG_RUN/results
RUNG_TEST_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/rung-tests
RUNG_TEST_HOME=$HOME
RUNG_TEST_CLUSTERS=$RUNG_RUN/clusters
export RUNG_RUN RUNG_TEST_CACHE RUNG_TEST_HOME RUNG_TEST_CLUSTERS
server_programs_first
running=()

# Servers, tests and the folder are removed at every exit.
leave() {
	trap - EXIT
	set +m
	local pid
	for pid in "${running[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
	if [ ${#running[@]} -gt 0 ]; then wait "${running[@]}" 2>/dev/null || true; fi
	remove_run
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

remove_run() {
	for RUNG_RUN in "$results"/../*/; do servers_stop_all; done
	rm -rf "${results%/*}"
}

# Reads from a pipe that we alone write to: its end is ours, kill -9 or not. Then whatever is still there goes.
clean_up_behind() {
	local pid
	trap '' INT TERM HUP
	cat >/dev/null
	[ -d "$results" ] || exit 0
	while read -r pid; do kill -KILL -- "-$pid" 2>/dev/null || true; done <"$results/jobs"
	remove_run
}

# Prints the case files in question, one a line.
case_files() {
	local file pattern
	for file in "$here"/cases/*.bats "$here"/scripts/*.bats "$here"/systems/*/*.bats; do
		[ -f "$file" ] || continue
		if [ ${#patterns[@]} -eq 0 ]; then echo "$file"; fi
		for pattern in "${patterns[@]}"; do
			case $file in *"${pattern#tests/}"*) echo "$file" && break ;; esac
		done
	done
}

# The longest first, so that no job is left with one at the end: by what each took the last
# time a whole file was run on this machine, by its size where it never was.
longest_first() {
	local file
	while read -r file; do
		echo "$(cat "$(seconds_of "$file")" 2>/dev/null || echo $(($(wc -c <"$file") / 200))) $file"
	done | sort -rn | cut -d' ' -f2-
}

# Where it is written how long a file took.
seconds_of() { echo "$RUNG_TEST_CACHE/seconds/$(tr / _ <<<"${1#"$here"/}")"; }

# One file's tests, and then in one go what there is to say about them.
run_file() {
	local name=${1#"$here"/} log seconds
	log=$results/${name//\//_}.tap
	local started=$SECONDS status=0
	bats --tap -T ${filter:+-f "$filter"} "$1" >"$log" 2>&1 || status=$?
	seconds=$((SECONDS - started))
	if [ -z "$filter" ]; then echo "$seconds" >"$(seconds_of "$1")"; fi
	tally "$status" "$name" "$seconds" "$log"
}

# Reads TAP; a test that never reported counts as failed.
tally() {
	awk -v status="$1" -v name="$2" -v seconds="$3" -v verbose="$verbose" \
		-v totals="$4.count" -v times="$results/times" '
		/^1\.\.[0-9]+/ { planned = substr($0, 4) + 0; next }
		/^(not )?ok [0-9]+ .* in [0-9]+ms/ {
			milliseconds = $0
			sub(/ms( # skip.*)?$/, "", milliseconds)
			sub(/.* in /, "", milliseconds)
			if (milliseconds + 0 > 5000) printf "%.1f s  %s: %s\n", milliseconds / 1000, name, $0 >>times
			if (!verbose) sub(/ in [0-9]+ms/, "")
		}
		/^ok .* # skip/ { skipped++; talking = 0; text = text "  " $0 "\n"; next }
		/^ok / { passed++; talking = 0; if (verbose) text = text "  " $0 "\n"; next }
		/^not ok / { failed++; talking = 1; text = text "  " $0 "\n"; next }
		talking || !/^#/ || verbose { text = text "  " $0 "\n" }
		END {
			missing = planned - passed - failed - skipped
			if (missing > 0) { failed += missing; text = text "  " missing " tests did not report\n" }
			if (status != 0 && !failed) { failed++; text = text "  bats ended with status " status "\n" }
			if (planned + failed == 0) exit
			printf "%s: %d passed, %d failed%s (%d s)\n%s", name, passed, failed,
				skipped ? ", " skipped " skipped" : "", seconds, text
			print passed + 0, failed + 0, skipped + 0 >totals
		}' "$4"
}

# Takes the first line off the queue and prints it.
next_file() {
	(
		flock 9
		sed -n 1p "$results/queue"
		sed -i 1d "$results/queue"
	) 9>"$results/lock"
}

# One job: a folder and a server of its own, and then one file after the other.
run_job() {
	local file
	RUNG_RUN=$RUNG_RUN/$1
	mkdir -p "$RUNG_RUN/tmp" "$RUNG_RUN/pids"
	chmod 711 "$RUNG_RUN"
	chmod 1777 "$RUNG_RUN/tmp"
	export TMPDIR=$RUNG_RUN/tmp
	if [ -z "${RUNG_TEST_SERVER_URL:-}" ]; then server_new main; fi
	while file=$(next_file) && [ -n "$file" ]; do run_file "$file"; done
}

mkdir "$results"
: >"$results/jobs"
chmod 711 "$RUNG_RUN"
set -m
exec 7> >(clean_up_behind >/dev/null 2>&1)
set +m
mkdir -p "$RUNG_TEST_CACHE/seconds"
case_files | longest_first >"$results/queue"
if [ ! -s "$results/queue" ]; then echo "cases: no file's path contains ${patterns[*]}" >&2; fi
# Much of a case is waiting: for a server to start, a lock, a timeout.
jobs=${RUNG_TEST_JOBS:-$(($(getconf _NPROCESSORS_ONLN) + 1))}
if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then jobs=1; fi

# Each job is a process group of its own, so that what it started ends with it.
set -m
for job in $(seq "$jobs"); do
	run_job "$job" </dev/null 7>&- &
	running+=($!)
	echo $! >>"$results/jobs"
done
wait "${running[@]}"

# A job that could not start its server leaves its files to nobody.
missed=$(wc -l <"$results/queue")
if [ "$missed" -gt 0 ]; then
	echo "cases: $missed files were not run: $(sed 's|.*/||' "$results/queue" | paste -sd ' ')"
	echo "0 $missed 0" >"$results/missed.count"
fi

if [ -n "${TIMES:-}" ] && [ -s "$results/times" ]; then
	echo "cases that took more than 5 s, longest first:"
	sed -e 's/ok [0-9]* //' -e 's/ in [0-9]*ms//' "$results/times" | sort -rn
fi
cat "$results"/*.count 2>/dev/null | awk '
	{ passed += $1; failed += $2; skipped += $3 }
	END {
		printf "cases: %d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
		exit failed > 0 || passed + skipped == 0
	}'

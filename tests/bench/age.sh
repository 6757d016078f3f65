#!/usr/bin/env bash
# age.sh - how fast backups are encrypted and decrypted, against the age program
#
# Both read a file from memory and write to nowhere, alternating; each figure
# is the median of the rounds, as throughput in MB/s and as a ratio, and in
# processor time as well, which a busy machine disturbs less. Peak memory is
# printed for a small and a large file. Nothing here fails a build.
#
# RUNG_BENCH_MB is the size (512), RUNG_BENCH_ROUNDS how many rounds (5),
# RUNG_BENCH_DIR where the file lies; AGETOOL is build/tests/agetool.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
AGETOOL=${AGETOOL:-$(cd "$here/../.." && pwd)/build/tests/agetool}
SIZE_MB=${RUNG_BENCH_MB:-512}
ROUNDS=${RUNG_BENCH_ROUNDS:-5}
DIR=$(mktemp -d "${RUNG_BENCH_DIR:-/dev/shm}/rung-bench-age.XXXXXX")
trap 'rm -rf "$DIR"' EXIT
trap 'exit 130' INT TERM
cd "$DIR"

say() { printf '%-58s %s\n' "$1" "$2"; }
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# measure NAME INPUT COMMAND… - adds a round's milliseconds to NAME.wall and NAME.cpu.
measure() {
	local name=$1 input=$2 TIMEFORMAT='%R %U %S'
	shift 2
	{ time "$@" <"$input" >/dev/null 2>&1; } 2>spent
	awk -v wall="$name.wall" -v cpu="$name.cpu" '{ print $1 * 1000 >> wall; print ($2 + $3) * 1000 >> cpu }' spent
}

# compare WHAT OURS THEIRS GOAL
compare() {
	local ours theirs kind
	for kind in wall cpu; do
		ours=$(median "$2.$kind") theirs=$(median "$3.$kind")
		say "$1, $kind: throughput / age (at least $4)" "$(awk -v mb="$SIZE_MB" -v a="$ours" -v b="$theirs" \
			'BEGIN { printf "%.2f  (%d MB/s / %d MB/s)", b / a, mb * 1000 / a, mb * 1000 / b }')"
	done
}

age-keygen -o key 2>/dev/null
chmod 600 key
recipient=$(age-keygen -y key)
head -c "${SIZE_MB}M" /dev/urandom >plain
age -r "$recipient" -o sealed plain

say "age $(age --version), $(nproc) cores, $SIZE_MB MB" "median of $ROUNDS rounds"
for ((round = 0; round < ROUNDS; round++)); do
	measure seal plain "$AGETOOL" seal "$recipient"
	measure age-seal plain age -r "$recipient"
	measure open sealed "$AGETOOL" open key
	measure age-open sealed age -d -i key
done
compare encrypt seal age-seal 0.80
compare decrypt open age-open 1.0

head -c 1M plain >small
age -r "$recipient" -o small.sealed small
for name in small plain; do
	say "peak memory to encrypt $(($(stat -c %s "$name") / 1048576)) MB" \
		"$("$here/peak.sh" "$AGETOOL" seal "$recipient" <"$name" | tail -n 1) kB"
done

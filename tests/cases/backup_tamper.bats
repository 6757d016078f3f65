# What somebody does to a stored backup is told before anything is restored.
# RUNG_TEST_LONG=1 sweeps wider (make check-long).

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	fresh_database
	sql "create table notes as select g as id, md5(g::text) || md5((g * 7)::text) as note from generate_series(1, 9000) g"
	"$RUNG" backup >/dev/null 2>&1
	ID=$(newest_backup)
	OBJECT=$(object_of "$ID")
	cp "$OBJECT" good.age
	SIZE=$(stat -c %s good.age)
	HEADER=$(($(grep -aobm1 '^---' good.age | cut -d: -f1) + 47 + 1 + 16)) # where the first chunk begins
	CHUNK=$((65536 + 16))
	FLIPS=8
	if [ -n "${RUNG_TEST_LONG:-}" ]; then FLIPS=200; fi
}

teardown() {
	backup_teardown
	rung_teardown
}

# Which databases there are, and all of the one they come from: catalogs and rows.
databases() {
	sql "select count(*), string_agg(datname, ' ' order by datname) from pg_database where datname like '$TEST_DATABASE%'"
	database_state
}

# flip FILE OFFSET - the lowest bit of one byte.
flip() {
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf "%b" "\\x$(printf %x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Neither by its id, where the hash tells, nor as a file, where only the encryption can.
refused_both_ways() {
	cp bad.age "$OBJECT"
	run_rung verify-backup "$ID"
	assert_status 5
	run_rung restore "$ID" --into "$FRESH"
	assert_status 5
	refused_as_file "$1"
	cp good.age "$OBJECT"
}

refused_as_file() {
	run_rung restore ./bad.age --into "$FRESH" --allow-unsigned
	[ "$status" -ne 0 ] || fail "accepted: $1"
	run bash -c '"$RUNG" backup-cat ./bad.age --allow-unsigned >out.bin'
	[ "$status" -ne 0 ] || fail "printed: $1"
	[ ! -s out.bin ] || fail "something was printed: $1"
}

@test "one bit flipped, anywhere" {
	before=$(databases)
	for i in $(seq 0 $((FLIPS - 1))); do
		offset=$((i * (SIZE - 1) / (FLIPS - 1)))
		cp good.age bad.age
		flip bad.age "$offset"
		refused_both_ways "flip at $offset"
	done
	assert_equal "$(databases)" "$before"
}

@test "cut at the edges of chunks and one off" {
	before=$(databases)
	edges="0 1 $((HEADER - 16)) $HEADER $((SIZE - 1))"
	for ((edge = HEADER + CHUNK; edge < SIZE; edge += CHUNK)); do edges="$edges $((edge - 1)) $edge $((edge + 1))"; done
	if [ -z "${RUNG_TEST_LONG:-}" ]; then edges=$(echo "$edges" | tr ' ' '\n' | head -n 8); fi
	for edge in $edges; do
		head -c "$edge" good.age >bad.age
		refused_both_ways "cut at $edge"
	done
	assert_equal "$(databases)" "$before"
}

@test "chunks swapped, doubled, left out, appended" {
	chunk() { tail -c +$((HEADER + $1 * CHUNK + 1)) good.age | head -c "$CHUNK"; }
	rest() { tail -c +$((HEADER + $1 * CHUNK + 1)) good.age; }
	before=$(databases)
	[ "$SIZE" -gt $((HEADER + 3 * CHUNK)) ]
	{ head -c "$HEADER" good.age && chunk 1 && chunk 0 && rest 2; } >bad.age
	refused_both_ways swapped
	{ head -c "$HEADER" good.age && chunk 0 && chunk 0 && rest 1; } >bad.age
	refused_both_ways doubled
	{ head -c "$HEADER" good.age && rest 1; } >bad.age
	refused_both_ways "left out"
	{ cat good.age && chunk 0; } >bad.age
	refused_both_ways appended
	{ cat good.age && printf x; } >bad.age
	refused_both_ways "one byte more"
	assert_equal "$(databases)" "$before"
}

@test "forged files of every kind" {
	before=$(databases)
	age-keygen -o stranger.age 2>/dev/null
	: >empty
	printf 'age-encryption.org/v1\n' >beginning
	head -c 200000 /dev/urandom >noise
	pg_dump -Fc -Z0 -d "$DATABASE_URL" >archive
	zstd -q archive -o archive.zst
	pg_dump -d "$DATABASE_URL" >script
	age -r "$(age-keygen -y stranger.age)" -o foreign archive.zst
	age -r "$RECIPIENT" -o not_compressed archive
	age -r "$RECIPIENT" -o script_inside script
	age -r "$RECIPIENT" -o noise_inside noise
	age -r "$RECIPIENT" -o sealed_twice good.age
	{ cat good.age && cat good.age; } >twice
	for forged in empty beginning noise archive archive.zst script foreign script_inside noise_inside sealed_twice twice; do
		cp "$forged" bad.age
		case $forged in sealed_twice) ;; *) refused_as_file "$forged" ;; esac
		cp bad.age "$OBJECT"
		for verb in "verify-backup $ID" "verify-backup $ID --decrypt --allow-unsigned" "restore $ID --into $FRESH --allow-unsigned"; do
			# shellcheck disable=SC2086 # words
			run_rung $verb
			[ "$status" -eq 5 ] || fail "in place of the object: $forged"
		done
	done
	assert_equal "$(databases)" "$before"
}

@test "one bit flipped in the manifest, one in its signature" {
	before=$(databases)
	manifest=$(manifest_of "$ID")
	for file in "$manifest" "$manifest.minisig"; do
		cp "$file" good
		size=$(stat -c %s good)
		for i in $(seq 0 $((FLIPS / 2 - 1))); do
			offset=$((i * (size - 1) / (FLIPS / 2 - 1)))
			flip "$file" "$offset"
			for verb in "verify-backup $ID" "restore $ID --into $FRESH" "restore $OBJECT --into $FRESH"; do
				# Only minisign's first line is a comment that nobody signs.
				if [ "$file" != "$manifest" ] && [ "$offset" -lt "$(head -1 good | wc -c)" ]; then continue; fi
				# shellcheck disable=SC2086 # words
				run_rung $verb
				[ "$status" -ne 0 ] || fail "accepted: flip at $offset of $(basename "$file")"
			done
			cp good "$file"
		done
	done
	assert_equal "$(databases)" "$before"
}

@test "a file that a stranger made for the same recipient" {
	before=$(databases)
	pg_dump -Fc -Z0 -d "$DATABASE_URL" | zstd -q | age -r "$RECIPIENT" >"$OBJECT"
	run_rung restore "$ID" --into "$FRESH"
	assert_status 5
	assert_errors_contain "damaged"
	assert_equal "$(databases)" "$before"
}

@test "manifests exchanged, edited, signed by somebody else" {
	next_second
	"$RUNG" backup >/dev/null 2>&1
	second=$(newest_backup)
	manifest=$(manifest_of "$second")
	cp "$manifest" good.json
	cp "$manifest.minisig" good.minisig
	before=$(databases)

	cp "$(manifest_of "$ID")" "$manifest"
	cp "$(manifest_of "$ID").minisig" "$manifest.minisig"
	run_rung restore "$second" --into "$FRESH"
	assert_status 5
	assert_errors_contain "that of another backup"

	sed 's/"pending": 0/"pending": 9/' good.json >"$manifest"
	cp good.minisig "$manifest.minisig"
	run_rung restore "$second" --into "$FRESH" --allow-unsigned
	assert_status 5

	stranger=$("$RUNG" keygen --sign-key stranger.key --json 2>/dev/null | jq -r 'select(.type == "key" and .kind == "signing").public_key')
	cp good.json "$manifest"
	rm "$manifest.minisig"
	trusted=$RUNG_BACKUP_TRUSTED_KEYS
	next_second
	RUNG_BACKUP_SIGN_KEY=$PROJECT/stranger.key "$RUNG" backup >/dev/null 2>&1
	third=$(newest_backup)
	unset RUNG_BACKUP_SIGN_KEY
	for verb in "restore $third --into $FRESH" "verify-backup $third" "verify-backup $third --decrypt"; do
		# shellcheck disable=SC2086 # words
		RUNG_BACKUP_TRUSTED_KEYS=$trusted run_rung $verb
		assert_status 5
		assert_errors_contain "is not trusted"
		assert_errors_contain "--allow-unsigned"
	done
	# Changed by somebody who has no key at all: the key it names is trusted, and no word helps.
	sed 's/"pending": 0/"pending": 9/' "$(manifest_of "$third")" >changed.json
	cp "$(manifest_of "$third")" third.json
	cp changed.json "$(manifest_of "$third")"
	RUNG_BACKUP_TRUSTED_KEYS="$trusted $stranger" run_rung restore "$third" --into "$FRESH" --allow-unsigned
	assert_status 5
	assert_errors_contain "or its signature, was changed"
	cp third.json "$(manifest_of "$third")"
	run_rung restore "$second" --into "$FRESH"
	assert_status 5
	assert_errors_contain "is not signed"
	assert_equal "$(databases)" "$before"

	cp good.minisig "$manifest.minisig"
	run_rung restore "$second" --into "$FRESH"
	assert_status 0
}

@test "a backup that a key signed which is not trusted any more is restored when told so" {
	"$RUNG" keygen --sign-key new.key --json >new.json 2>/dev/null
	RUNG_BACKUP_TRUSTED_KEYS=$(jq -r 'select(.type == "key" and .kind == "signing").public_key' new.json)
	RUNG_BACKUP_SIGN_KEY=$PROJECT/new.key
	run_rung list-backups
	assert_output_matches "$ID .* not trusted"
	run_rung verify-backup "$ID"
	assert_status 5
	assert_errors_contain "which is not trusted"
	run_rung verify-backup "$ID" --allow-unsigned
	assert_status 0
	run_rung restore "$ID" --into "$FRESH" --allow-unsigned
	assert_status 0
	assert_errors_match "no trusted key signed backup $ID: it was signed with key [0-9A-F]+, which is not trusted"
	assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
}

@test "an unsigned manifest with a number of its own choice does not get into the chain" {
	folder=$(dirname "$(manifest_of "$ID")")
	for number in 9223372036854775807 4503599627370496; do
		forged=20990101T000000Z-00000000
		sed "s/$ID/$forged/g; s/\"sequence\": 1/\"sequence\": $number/" "$folder/$ID.json" >"$folder/$forged.json"
		cp good.age "$folder/$forged.dump.zst.age"
		run_rung backup --json
		assert_status 0
		id=$(jq -rs 'map(select(.type == "backup"))[0].id' <<<"$output")
		assert_equal "$(jq -c '[.sequence, .previous.id]' "$(manifest_of "$id")")" "[2,\"$ID\"]"
		run_rung verify-backup "$id"
		assert_status 0
		rm "$folder/$id".*
	done
}

# A database with a history and its log.
with_log() {
	migration 01_users <<<'create table users (id int);'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

@test "a newest backup that was hidden is missed, although no migration was made after it" {
	with_log
	for _ in 1 2; do
		next_second
		"$RUNG" backup >/dev/null 2>&1
	done
	newest=$(newest_backup)
	run_rung verify-backup all
	assert_status 0
	mkdir hidden
	mv "$STORE"/*/"$newest".* hidden
	run_rung list-backups
	assert_status 0
	assert_errors_contain "the database knows of $newest"
	for verb in "verify-backup all" "verify-backup latest" "restore latest --into $FRESH"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 5
		assert_errors_contain "the database knows of $newest"
	done
	# What cannot be asked cannot miss anything.
	run_rung verify-backup all --database-url "postgresql:///$TEST_DATABASE?host=$PROJECT/nowhere"
	assert_status 0

	sed 's/"pending": 0/"pending": 9/' "hidden/$newest.json" >"$(dirname "$OBJECT")/$newest.json"
	cp "hidden/$newest.dump.zst.age" "$(dirname "$OBJECT")"
	run_rung verify-backup all --allow-unsigned
	assert_status 5
	assert_errors_contain "the manifest of $newest is not the one recorded in the database's log"
}

@test "a backup that was kept in another store is not missed in this one" {
	with_log
	"$RUNG" backup >/dev/null 2>&1
	next_second
	"$RUNG" backup --output "$PROJECT/elsewhere" >/dev/null 2>&1
	run_rung verify-backup all
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
	next_second
	"$RUNG" backup >/dev/null 2>&1
	assert_equal "$(jq .sequence "$(manifest_of "$(newest_backup)")")" 4
}

@test "verifying one backup checks its link to the one before it" {
	"$RUNG" backup >/dev/null 2>&1
	second=$(newest_backup)
	run_rung verify-backup "$second"
	assert_status 0
	manifest=$(manifest_of "$ID")
	sed -i 's/"pending": 0/"pending": 9/' "$manifest"
	for level in "" --decrypt; do
		# shellcheck disable=SC2086 # none is none
		run_rung verify-backup "$second" $level
		assert_status 5
		assert_errors_contain "the manifest of $ID is not the one that $second followed"
	done
	rm "$manifest"
	run_rung verify-backup "$second"
	assert_status 0
}

@test "a backup that the history names and the store no longer has is reported" {
	migration 01_users <<<'create table users (id int);'
	"$RUNG" upgrade >/dev/null 2>&1
	way_back=$(newest_backup)
	next_second
	"$RUNG" backup >/dev/null 2>&1
	rm "$STORE"/*/"$way_back".*
	run_rung list-backups
	assert_status 0
	assert_errors_contain "the backup from before the newest migration, $way_back, is not in the store"
}

# What is said about backups: to who set them up wrongly, and to who reads a list of them.

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	fresh_database
	migration 01_users <<<'create table users (id int primary key);'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	backup_teardown
	rung_teardown
}

# A second signing key, in new-signing.key; prints its public half.
new_signing_key() { "$RUNG" keygen --sign-key new-signing.key --json 2>/dev/null | jq -r 'select(.type == "key").public_key'; }

# --- who is trusted -----------------------------------------------------------

@test "the own signing key is trusted by every verb, and other machines are thought of" {
	public=$(new_signing_key)
	export RUNG_BACKUP_SIGN_KEY=new-signing.key
	run_rung backup
	assert_status 0
	assert_errors_contain "the key that signs is not in trusted_keys: other machines will refuse this backup; add $public"
	run_rung verify-backup latest --decrypt
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
	"$RUNG" backup-cat latest >archive
	[ -s archive ]
	RUNG_BACKUP_TRUSTED_KEYS="$RUNG_BACKUP_TRUSTED_KEYS $public" run_rung backup
	assert_status 0
	refute_errors_contain "trusted_keys"
}

@test "who only reads backups needs no signing key; who makes them is told which setting names it" {
	run_rung backup
	assert_status 0
	printf '[backup]\nsign_key = nowhere.key\n' >rung.ini
	unset RUNG_BACKUP_SIGN_KEY
	for verb in list-backups "verify-backup all" "verify-backup latest --decrypt" "prune-backups --keep-last 1 --yes" \
		"restore latest --into $FRESH"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 0
		refute_errors_contain "nowhere.key"
	done
	run_rung backup
	[ "$status" -ne 0 ]
	assert_errors_contain 'could not read "nowhere.key"'
	assert_errors_contain "sign_key, from rung.ini:2"
}

@test "what was not signed is not said to be" {
	RUNG_BACKUP_SIGN_KEY='' run_rung backup
	run_rung verify-backup latest --allow-unsigned
	assert_status 0
	assert_output_contains "hash; not signed"
	refute_output_contains "signature and hash"
	run_rung verify-backup latest --allow-unsigned --decrypt
	assert_output_contains "decrypted and read; not signed"
	run_rung backup
	RUNG_BACKUP_TRUSTED_KEYS='' RUNG_BACKUP_SIGN_KEY='' run_rung verify-backup latest --allow-unsigned
	assert_output_contains "hash; signature not checked"
	run_rung verify-backup latest
	assert_output_contains "signature and hash"
}

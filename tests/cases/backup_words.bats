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

# --- what was mistyped --------------------------------------------------------

@test "a variable that was mistyped is reported, and stops what makes or reads backups" {
	while read -r wrong right; do
		export "$wrong=x"
		run_rung status
		assert_status 0
		assert_errors_contain "warning: there is no variable $wrong. Did you mean $right?"
		for verb in upgrade "upgrade --no-backup" "downgrade --force" backup list-backups "verify-backup latest" \
			"restore latest --into $FRESH" "prune-backups --keep-last 1" "backup-cat latest"; do
			# shellcheck disable=SC2086 # words
			assert_refused 2 $verb
			assert_errors_contain "error: there is no variable $wrong"
			assert_errors_contain "Did you mean $right?"
		done
		unset "$wrong"
	done <<-'EOF'
		RUNG_BACKUP_REQIURED RUNG_BACKUP_REQUIRED
		RUNG_BACKUP_STROE RUNG_BACKUP_STORE
		RUNG_BACKUP_RECIPIENT RUNG_BACKUP_RECIPIENTS
	EOF
	echo "RUNG_BACKUP_STROE=/var/backups" >.env
	assert_refused 2 upgrade
	assert_errors_contain "RUNG_BACKUP_STROE"
	rm .env
	RUNG_LOCK_WIAT=1s run_rung upgrade
	assert_status 0
	assert_errors_contain "there is no variable RUNG_LOCK_WIAT. Did you mean RUNG_LOCK_WAIT?"
}

@test "variables that rung reads or hands to hooks, and a project's own, are known" {
	migration 02_orders <<<'create table orders (id int);'
	printf '[database]\nurl_env = RUNG_SHOP_URL\n[hooks]\nenvironment = RUNG_SHOP_URL\nbefore_upgrade = "%s" status\nafter_upgrade = "%s" status\n' \
		"$RUNG" "$RUNG" >rung.ini
	export RUNG_SHOP_URL=$DATABASE_URL RUNG_BACKUP_TOKEN=x RUNG_BACKUP_ALLOW_HTTP=1 RUNG_SIGN_PASSPHRASE=x RUNG_BACKUP_STROE=
	run_rung upgrade
	refute_errors_contain "there is no variable"
	assert_sql "select to_regclass('orders') is not null" t
}

@test "a store that was mistyped is refused, and makes no directory" {
	before=$(ls -A)
	for store in s3//bucket s3:/bucket s3/ s3:bucket S3:/x http:/host https//host/x https:host file:/tmp/x '~/bk' '~'; do
		run_rung backup --backup-store "$store"
		assert_status 2
		assert_errors_contain "cannot keep backups at \"$store\""
		printf '[backup]\nstore = %s\n' "$store" >rung.ini
		RUNG_BACKUP_STORE='' run_rung backup
		assert_status 2
		assert_errors_contain "cannot keep backups at \"$store\""
		rm rung.ini
		assert_equal "$(ls -A)" "$before"
	done
	run_rung backup --backup-store '~/bk'
	assert_errors_contain "is not expanded in settings"
	run_rung backup --backup-store s3/x
	assert_errors_contain '"./s3/x"'
	run_rung backup --backup-store ./s3/x
	assert_status 0
	run_rung backup --backup-store "$IDENTITY"
	assert_status 2
	assert_errors_contain "it is not a directory"
}

@test "a directory that is made for backups is reported once" {
	run_rung backup --backup-store deep/er/store
	assert_status 0
	assert_errors_contain "created the directory \"$PROJECT/deep/er/store\" for backups"
	run_rung backup --backup-store deep/er/store
	refute_errors_contain "created the directory"
}

# --- what is missing ------------------------------------------------------------

@test "before the first backup a store that is not there yet is an empty one" {
	export RUNG_BACKUP_STORE=$PROJECT/not/yet
	run_rung list-backups
	assert_status 0
	assert_errors_contain "that directory does not exist"
	run_rung list-backups --json
	assert_status 0
	refute_output_contains '"backup"'
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_output_contains "0 backups removed"
	for verb in "restore latest --into $FRESH" "restore 2020 --into $FRESH" "verify-backup latest" "verify-backup all" \
		"backup-cat latest"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 5
		refute_errors_contain "could not read directory"
		assert_errors_contain '"rung backup" makes one'
	done
	[ ! -e not ]
	advised 'rung backup'
	run_rung list-backups
	assert_output_contains signed
	# One that lost its backups is told by the database.
	rm -r not
	run_rung list-backups
	assert_errors_contain "the database knows of"
}

@test "a required backup that cannot be made says what is missing" {
	migration 02_orders <<<'create table orders (id int);'
	printf '[backup]\nrequired = yes\n' >rung.ini
	RUNG_BACKUP_RECIPIENTS='' RUNG_BACKUP_STORE='' run_rung upgrade
	assert_status 2
	assert_errors_contain "no migration without a backup (required, rung.ini:2), and there is neither a store nor a recipient"
	RUNG_BACKUP_RECIPIENTS='' run_rung upgrade
	assert_status 2
	assert_errors_contain "no recipient"
}

@test "an identity out of a pipe serves as many backups as there are" {
	run_rung backup
	next_second
	migration 02_orders <<<'create table orders (id int);'
	run_rung upgrade
	unset RUNG_BACKUP_IDENTITY_FILE
	run_rung verify-backup all --decrypt --identity-file <(cat "$IDENTITY")
	assert_status 0
	run_rung restore --before 2 --into "$FRESH" --identity-file <(cat "$IDENTITY")
	assert_status 0
}

@test "a store without a recipient, or the other way round, is no wish to go without a backup" {
	migration 02_orders <<<'create table orders (id int);'
	RUNG_BACKUP_RECIPIENTS='' assert_refused 2 upgrade
	assert_errors_contain "no recipient for the store that is configured"
	assert_errors_contain "RUNG_BACKUP_RECIPIENTS"
	RUNG_BACKUP_STORE='' assert_refused 2 upgrade
	assert_errors_contain "no store for the recipient that is configured"
	assert_errors_contain "counts as not set"
	assert_sql "select to_regclass('orders') is null" t
	RUNG_BACKUP_STORE='' run_rung upgrade --no-backup
	assert_status 0
}

@test "a dry run says whether a backup would be made, and where" {
	migration 02_orders <<<'create table orders (id int);'
	assert_refused 0 upgrade --dry-run
	assert_errors_contain "a backup would be made first, in $STORE"
	assert_refused 0 upgrade --dry-run --no-backup
	assert_errors_contain "no backup would be made first: --no-backup"
	RUNG_BACKUP_STORE='' RUNG_BACKUP_RECIPIENTS='' assert_refused 0 upgrade --dry-run
	assert_errors_contain "no backup would be made first: neither a store nor a recipient"
	RUNG_BACKUP_REQUIRED=yes assert_refused 0 upgrade --dry-run --no-backup
	assert_errors_contain "upgrade would be refused: --no-backup is refused"
	RUNG_BACKUP_SIGN_KEY=nowhere.key assert_refused 0 upgrade --dry-run
	assert_errors_contain 'upgrade would be refused: could not read "nowhere.key"'
	[ ! -e "$STORE" ]
	run_rung upgrade
	assert_status 0
	assert_refused 0 upgrade --dry-run
	refute_errors_contain "backup"
}

@test "lists are separated by blanks, and a comma is reported" {
	RUNG_BACKUP_RECIPIENTS="$RECIPIENT, $RECIPIENT" run_rung backup
	assert_status 2
	assert_errors_contain "Separate recipients by blanks."
	RUNG_BACKUP_TRUSTED_KEYS="$RUNG_BACKUP_TRUSTED_KEYS,$RUNG_BACKUP_TRUSTED_KEYS" run_rung list-backups
	assert_status 2
	assert_errors_contain "Separate keys by blanks."
	run_rung help settings
	assert_output_contains "public key to encrypt backups to; several,"
	run_rung help environment
	assert_output_contains "public key to encrypt backups to; several,"
	run_rung help options
	assert_output_contains "public key to encrypt backups to; may be given"
}

# --- how long it is kept --------------------------------------------------------

@test "a backup is kept until a time that is to come and can be read" {
	for text in 2099-01-31T23:59garbage 2099-01-31x "2099-01-31 " 2099-02-31 2020-01-01 0d 99999999999d soon ""; do
		assert_refused 2 backup --keep-until "$text"
		assert_errors_contain "--keep-until"
	done
	[ ! -e "$STORE" ]
	for text in 2099-01-31 2099-01-31T23:59:00Z 90d; do
		run_rung backup --keep-until "$text"
		assert_status 0
	done
	run_rung list-backups
	assert_output_contains 2099-01-31T00:00:00Z
	assert_output_contains 2099-01-31T23:59:00Z
}

@test "a label that is not UTF-8 is refused before anything is read or made" {
	for label in $'gr\xfc\xdfe=1' $'note=\xff'; do
		run_rung backup --label fine=1 --label "$label"
		assert_status 2
		assert_errors_contain 'is not UTF-8'
	done
	[ ! -e "$STORE" ]
	run_rung backup --label 'größe=1'
	assert_status 0
	assert_equal "$(jq -r '.labels | keys[0]' "$(manifest_of "$(newest_backup)")")" größe
}

@test "a backup whose time to be kept cannot be read is kept" {
	unset RUNG_BACKUP_SIGN_KEY
	for _ in 1 2; do
		next_second
		"$RUNG" backup --keep-until 2099-01-31 >/dev/null 2>&1
	done
	sed -i 's/2099-01-31T00:00:00Z/when the auditors are done/' "$STORE"/*/*.json
	next_second
	"$RUNG" backup >/dev/null 2>&1
	run_rung prune-backups --keep-last 1 --yes --allow-unsigned
	assert_status 0
	assert_equal "$(backup_count)" 3
}

@test "without a key, with the wrong one and with an encrypted one the way out is reported" {
	run_rung backup
	RUNG_BACKUP_IDENTITY_FILE='' run_rung verify-backup latest --decrypt
	assert_status 2
	assert_errors_contain "--identity-file"
	assert_errors_contain "RUNG_BACKUP_IDENTITY_FILE"
	"$RUNG" keygen --identity-file other.key >/dev/null 2>&1
	run_rung verify-backup latest --decrypt --identity-file other.key
	assert_status 5
	assert_errors_contain "Given was $(sed -n 's/^# public key: //p' other.key)."
	age -r "$RECIPIENT" <"$IDENTITY" >sealed.key
	chmod 600 sealed.key
	run_rung restore latest --into "$FRESH" --identity-file sealed.key
	assert_status 2
	assert_errors_contain '--identity-file <(age -d "sealed.key")'
	run_rung restore latest --into "$FRESH" --identity-file <(age -d -i "$IDENTITY" sealed.key)
	assert_status 0
}

# --- what is shown ----------------------------------------------------------------

@test "keygen prints what rung.ini wants" {
	unset RUNG_BACKUP_RECIPIENTS RUNG_BACKUP_IDENTITY_FILE RUNG_BACKUP_SIGN_KEY RUNG_BACKUP_TRUSTED_KEYS
	rm "$IDENTITY" backup-signing.key
	run_rung keygen
	assert_status 0
	sed -n '/^ *\[backup\]/,/^[^ ]/p' <<<"$errors" | grep '^ ' >rung.ini
	run_rung backup
	assert_status 0
	refute_errors_contain "warning"
	run_rung restore latest --into "$FRESH"
	assert_status 0
	run_rung help backup
	assert_output_contains "trusted_keys = RW"
}

@test "pruning says every rule that keeps a backup from before the newest migration" {
	migration 02_orders <<<'create table orders (id int);'
	run_rung upgrade
	run_rung prune-backups --keep-last 1
	assert_output_matches "Verdict"
	assert_output_contains "rollback point, last"
}

@test "an id that is not there, and a backup whose object is gone, are said" {
	run_rung restore 20200101T000000Z-00000000 --into "$FRESH"
	assert_status 5
	assert_errors_contain "while looking for backup 20200101T000000Z-00000000 of \"$TEST_DATABASE\""
	assert_errors_contain 'HINT: "rung list-backups" lists the backups.'
	run_rung backup
	rm "$(object_of "$(newest_backup)")"
	run_rung list-backups
	assert_output_contains "no object"
	run_rung restore latest --into "$FRESH"
	assert_status 5
	assert_errors_contain "its object is not in the store"
}

@test "what was changed is not shown as what a stranger signed" {
	run_rung backup
	id=$(newest_backup)
	sed -i 's/"manual"/"scheduled"/' "$(manifest_of "$id")"
	run_rung list-backups --json
	assert_equal "$(jq -r 'select(.type == "backup").trust' <<<"$output")" changed
	new_signing_key
	rm -r "$STORE"
	RUNG_BACKUP_SIGN_KEY=new-signing.key run_rung backup
	run_rung list-backups --json
	assert_equal "$(jq -r 'select(.type == "backup").trust' <<<"$output")" "not trusted"
}

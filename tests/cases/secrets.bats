# What is not provably free of a secret is not printed; what others wrote steers no terminal.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
}

# Spellings that somebody has had in DATABASE_URL, each with a password that must not be seen.
spellings() {
	cat <<-'EOT'
		postgres//u:s3kr1t@h.invalid/d
		postgres:/u:s3kr1t@h.invalid/d
		postgres:u:s3kr1t@h.invalid/d
		postgresql//u:s3kr1t@h.invalid:5432/d
		postgre://u:s3kr1t@h.invalid/d
		psql://u:s3kr1t@h.invalid/d
		mysql://u:s3kr1t@h.invalid/d
		://u:s3kr1t@h.invalid/d
		//u:s3kr1t@h.invalid/d
		u:s3kr1t@h.invalid/d
		u:s3kr1t
		"postgresql://u:s3kr1t@h.invalid/d"
		'postgresql://u:s3kr1t@h.invalid/d'
		DATABASE_URL=postgresql://u:s3kr1t@h.invalid/d
		export DATABASE_URL=postgresql://u:s3kr1t@h.invalid/d
		psql postgresql://u:s3kr1t@h.invalid/d
		postgresql://u:s3kr1t%00@h.invalid/d
		postgresql://u:%00s3kr1t@h.invalid/d
		postgresql://u:s3kr1t@h.invalid/d%00
		postgresql://u:s3kr1t%zz@h.invalid/d
		postgresql://u:s3kr1t@x@h.invalid/d
		postgresql://u:x/s3kr1t@h.invalid/d
		postgresql://u:x?s3kr1t@h.invalid/d
		postgresql://u:1/s3kr1t@h.invalid/d
		postgresql://u:s3kr1t
		postgresql://u:s3kr1t/d
		postgresql://u:s3kr1t@h.invalid:port/d
		postgresql://u:x@h.invalid:s3kr1t/d
		postgresql://u:x@[s3kr1t/d
		postgresql://u:x@h.invalid/d?password
		postgresql://u:x@h.invalid/d?s3kr1t
		postgresql://u:x@h.invalid/d?passwrod=s3kr1t
		postgresql://u:x@h.invalid/d?s3kr1t=x
		postgresql://u:x@h.invalid/d?sslmode=s3kr1t
		postgresql://u:x@h.invalid/d?port=s3kr1t
		postgresql://u:x@h.invalid/d?hostaddr=s3kr1t
		postgresql://u:x@h.invalid/d?target_session_attrs=s3kr1t
		postgresql://u:x@h.invalid/d?connect_timeout=s3kr1t
		host=h.invalid user=u password=s3kr1t sslmode=nonsense
		host=h.invalid user=u password=my s3kr1t
		host=h.invalid user=u password=my s3kr1t=x
		host=h.invalid user=u password='s3kr1t
		host=h.invalid user=u passwrod=s3kr1t
		host=h.invalid user=u PASSWORD=s3kr1t
		host=h.invalid; user=u; password=s3kr1t
		host=h.invalid,password=s3kr1t
		password: s3kr1t
		{"url": "postgresql://u:s3kr1t@h.invalid/d"}
		jdbc:postgresql://h.invalid/d?user=u&pasword=s3kr1t
	EOT
}

# Nothing that left the program holds it.
assert_hidden() {
	if grep -q s3kr1t <<<"$output$errors"; then fail "the secret was printed: $1"; fi
	if grep -rqs s3kr1t log seen schema rollback; then fail "the secret was written: $1"; fi
}

@test "no spelling of a URL, however broken, has its password printed" {
	local count=0
	printf '[hooks]\nbefore_upgrade = env >seen\nfailed = env >>seen\n' >rung.ini
	while IFS= read -r url; do
		export DATABASE_URL=$url
		for verb in "upgrade --log-file log" "status --json" "config" "config --json" "config url" "check --log-file log"; do
			rm -f log seen
			# shellcheck disable=SC2086 # a verb may bring options
			run_rung $verb
			assert_hidden "$verb with $url"
			case $verb in upgrade* | status*) [ "$status" -ne 0 ] || fail "$verb accepted $url" ;; esac
		done
		unset DATABASE_URL
		run_rung upgrade -v --database-url "$url"
		assert_hidden "--database-url $url"
		run_rung status --direct-url "$url" --database-url postgresql://h.invalid/d
		assert_hidden "--direct-url $url"
		count=$((count + 1))
	done < <(spellings)
	[ "$count" -ge 45 ]
}

@test "nor where the URL was put in a place that is not for it" {
	local url=postgresql://u:s3kr1t@h.invalid/d
	while IFS= read -r arguments; do
		# shellcheck disable=SC2086 # several arguments
		run_rung $arguments
		assert_hidden "$arguments"
	done <<-EOT
		$url
		status $url
		upgrade $url
		upgrade --sql $url
		upgrade --sql u:s3kr1t@h.invalid/d
		downgrade $url
		show $url
		stamp $url
		config $url
		config --trust $url
		help $url
		-d$url status
		--databse-url=$url status
		status --role $url
		status --lock-wait $url
		status --url-env $url
		status --env-prefix $url
		config --history-table $url
		config --backup-store https://u:s3kr1t@h.invalid/
		config --hook-before-upgrade PGPASSWORD=s3kr1t
		config --schema-dir $url
	EOT
	for text in "[database]"$'\n'"$url" "[database]"$'\n'"$url = x" "[database]"$'\n'"url_env = $url" "[$url]" \
		"[upgrade]"$'\n'"lock_wait = $url" "[database]"$'\n'"url = postgres//u:s3kr1t@h.invalid/d" "$url"; do
		echo "$text" >rung.ini
		for verb in upgrade "config --json" config "status --json"; do
			# shellcheck disable=SC2086 # a verb may bring options
			run_rung $verb
			assert_hidden "$verb with $text"
		done
	done
	rm rung.ini
	for text in "$url" "DATABASE_URL $url" "DATABASE_URL='$url" "RUNG_LOCK_WAIT=$url" "RUNG_URL_ENV=$url"; do
		echo "$text" >.env
		run_rung upgrade
		assert_hidden ".env with $text"
	done
}

# Each option with a value, as "VERB FLAG": of every verb its own, and those of all verbs for one.
valued_options() {
	"$RUNG" completion fish | sed -n "s/^complete -c rung -n '__fish_seen_subcommand_from \([a-z-]*\)' -l \([a-z-]*\)\( -s [a-zA-Z]\)\{0,1\} -[rx].*/\1 --\2/p"
	"$RUNG" completion fish | sed -n 's/^complete -c rung -l \([a-z-]*\)\( -s [a-zA-Z]\)\{0,1\} -[rx].*/status --\1/p'
}

@test "nor by the error of any option or operand that was given it" {
	local verb flag wrong
	valued_options >options
	[ "$(wc -l <options)" -gt 60 ]
	for wrong in "u:s3kr1t@h.invalid/d" ${RUNG_TEST_LONG:+"postgresql://u:s3kr1t@h.invalid/d" "/x/u:s3kr1t@h.invalid/d"} "password=s3kr1t"; do
		while read -r verb flag; do
			run_rung "$verb" "$flag" "$wrong" </dev/null
			assert_hidden "$verb $flag $wrong"
		done <options
		rm -rf u:* password=* # what an export was told to write
		# A message for "create" is no error.
		for verb in $(cut -d' ' -f1 options | grep -vx create | sort -u) -C "import flyway" "status -C"; do
			# shellcheck disable=SC2086 # a verb may bring options
			run_rung $verb "$wrong" </dev/null
			assert_hidden "$verb $wrong"
		done
	done
}

@test "a name of the URL that may hold a password is taken out of the server's words" {
	local host=${DATABASE_URL#*host=} url long
	long=$(printf 'x%.0s' {1..60})
	while IFS='|' read -r url told; do
		for verb in status "status --json" "upgrade -v --log-file log" "log" "config"; do
			# shellcheck disable=SC2086 # a verb may bring options
			DATABASE_URL=$url run_rung $verb </dev/null
			assert_hidden "$verb with $url"
		done
		DATABASE_URL=$url run_rung status
		assert_errors_contain "$told"
	done <<-EOT
		postgresql://u%3As3kr1t@/$TEST_DATABASE?host=$host|role "***" does not exist
		postgresql://u%3A$long:s3kr1t@/$TEST_DATABASE?host=$host|role "***" does not exist
		postgresql://u%3A${long}s3kr1t@/$TEST_DATABASE?host=$host|role "***" does not exist
		postgresql://postgres@/d%3As3kr1t?host=$host|database "***" does not exist
		postgresql://postgres@/$TEST_DATABASE?host=$host&options=-c%20work_mem%3Ds3kr1t|invalid value for parameter "work_mem": "***"
		host=$host dbname=$TEST_DATABASE user=u:s3kr1t|role "***" does not exist
		host=$host dbname=$TEST_DATABASE user=postgres options=s3kr1t|invalid command-line argument for server process: ***
	EOT
	PGUSER=u:s3kr1t DATABASE_URL="postgresql:///$TEST_DATABASE?host=$host" run_rung status
	assert_hidden "PGUSER"
	# An ordinary name is told.
	DATABASE_URL="postgresql://nobody@/$TEST_DATABASE?host=$host" run_rung status
	assert_errors_contain 'role "nobody" does not exist'
}

# --- what others wrote ---------------------------------------------------------------

# Escapes, C1, bidirectional overrides and isolates, DEL, a return, a bell.
hostile='\x1b]0;owned\x07\x1b[2J\xc2\x9b2J\xe2\x80\xae\xe2\x81\xa6\x7f\x0d\x08'

# Only line ends and tabs are left of what steers; JSON has escapes of its own.
assert_harmless() {
	if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' <<<"$2"; then
		LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' <<<"$2" | cat -v | head -n 5
		fail "$1 lets it through"
	fi
}

@test "a hostile history, log and server steer no terminal, whatever looks at them" {
	local steering verb
	steering=$(printf '%b' "$hostile")
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
	run_rung upgrade
	migration 03_bad <<<'select nonsense;'
	run_rung upgrade
	rm schema/03_bad.sql
	PGOPTIONS="-c session_replication_role=replica" psql -XAtq -v ON_ERROR_STOP=1 -v x="$steering" -d "$DATABASE_URL" <<-'SQL'
		update schema_version set description = description || :'x', applied_by = :'x', applied_from = :'x',
			tool_version = :'x', backup = :'x', name = name || :'x' where version = 2;
		update schema_version_log set name = name || :'x', db_user = :'x', os_user = :'x', host = :'x', action = action || :'x',
			outcome = outcome || :'x', tool_version = :'x', run_id = :'x', sqlstate = left(:'x', 5), error = :'x' || error;
	SQL
	assert_sql "select position(chr(27) in name) > 0 from schema_version where version = 2" t
	for verb in "" status current "current --verbose" history "history --verbose" heads "show 2" "show 1" log \
		"log --verbose" "log --verify" check "upgrade --dry-run" "downgrade --dry-run" "downgrade base --dry-run" \
		"upgrade" "downgrade --force" "repair --force" "repair 2" "stamp 2" list-backups config; do
		for form in "" --json --verbose "--log-file migration.log" "--colour always"; do
			# shellcheck disable=SC2086 # a verb may bring operands
			run_rung $verb $form
			if [ "$form" = "--colour always" ]; then
				output=$(sed 's/\x1b\[[0-9]*m//g' <<<"$output") errors=$(sed 's/\x1b\[[0-9]*m//g' <<<"$errors")
			fi
			assert_harmless "$verb $form" "$output$errors"
		done
	done
	[ -s migration.log ]
	assert_harmless migration.log "$(cat migration.log)"
}

@test "a hostile file and server message steer no terminal either" {
	local steering
	steering=$(printf '%b' "$hostile" | tr -d '\r')
	migration 02_orders <<-SQL
		\echo aloud $steering
		do \$\$ begin raise warning 'w%', '$steering'; raise exception 'e%', '$steering' using detail = '$steering',
			hint = '$steering', errcode = 'P0009'; end \$\$;
	SQL
	for form in "" --json "--log-file migration.log" --verbose; do
		# shellcheck disable=SC2086 # several words
		run_rung upgrade $form
		[ "$status" -ne 0 ]
		assert_harmless "upgrade $form" "$output$errors"
		run_rung log $form
		assert_harmless "log $form" "$output$errors"
		run_rung status $form
		assert_harmless "status $form" "$output$errors"
	done
	assert_harmless migration.log "$(cat migration.log)"
	# A script is for psql, not for a screen: it is what the file says.
	migration 02_orders <<<"comment on table users is '$steering';"
	run_rung upgrade --sql
	[[ $output == *"$steering"* ]]
	mv schema/02_orders.sql "schema/02_${steering}.sql"
	for verb in check "check --offline" "upgrade --dry-run" heads status; do
		# shellcheck disable=SC2086 # several words
		run_rung $verb
		assert_harmless "$verb" "$output$errors"
	done
}

# age and minisign as strangers: they read what we write, we read what they write.

load ../lib/rung

setup() {
	rung_setup
	local program
	for program in age age-keygen minisign script; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
	: "${RUNG_TEST_AGETOOL:=${RUNG%/*}/tests/agetool}"
	[ -x "$RUNG_TEST_AGETOOL" ] || skip "agetool is not built: make check-programs"
}

agetool() { "$RUNG_TEST_AGETOOL" "$@"; }

sizes='0 1 65535 65536 65537 131072 1000001'

content() { seq 1000000 | head -c "$1" >"plain.$1"; }

# key NAME - an identity of age; prints its recipient.
key() {
	age-keygen -o "$1" 2>/dev/null
	chmod 600 "$1"
	age-keygen -y "$1"
}

# Programs that ask for a passphrase ask a terminal.
with_terminal() {
	local answers=$1
	shift
	# shellcheck disable=SC2059 # the answers hold \n
	printf "$answers" | script -qec "$*" /dev/null
}

# flip FILE OFFSET - changes one bit.
flip() {
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	# shellcheck disable=SC2059 # an octal number
	printf "\\$(printf %03o $((byte ^ 4)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

@test "age reads what we encrypt, at every size, for one recipient and for three" {
	local size name one two three
	one=$(key one) two=$(key two) three=$(key three)
	for size in $sizes; do
		content "$size"
		agetool seal "$one" <"plain.$size" >sealed
		age -d -i one sealed | cmp - "plain.$size"
		agetool seal "$one" "$two" "$three" <"plain.$size" >sealed
		for name in one two three; do age -d -i "$name" sealed | cmp - "plain.$size"; done
	done
}

@test "we read what age encrypts, at every size, binary and armored" {
	local size name form one two three
	one=$(key one) two=$(key two) three=$(key three)
	for size in $sizes; do
		content "$size"
		for form in '' --armor; do
			age $form -r "$one" -o sealed "plain.$size"
			agetool open one <sealed | cmp - "plain.$size"
			age $form -r "$one" -r "$two" -r "$three" -o sealed "plain.$size"
			for name in one two three; do agetool open "$name" <sealed | cmp - "plain.$size"; done
		done
	done
}

@test "recipients come from a file as age takes it" {
	{
		echo "# the office"
		key one
		echo
		key two
	} >recipients
	content 70000
	agetool seal -R recipients <plain.70000 >sealed
	age -d -i two sealed | cmp - plain.70000
	age -R recipients plain.70000 | agetool open one | cmp - plain.70000
}

@test "a passphrase works both ways, binary and armored" {
	need_terminal
	content 65537
	(umask 077 && echo "correct horse" >passphrase)
	agetool seal -p passphrase <plain.65537 >sealed
	with_terminal 'correct horse\n' age -d -o opened sealed
	cmp opened plain.65537
	with_terminal 'correct horse\ncorrect horse\n' age -p -o theirs plain.65537
	agetool open -p passphrase <theirs | cmp - plain.65537
	with_terminal 'correct horse\ncorrect horse\n' age -p -a -o theirs.txt plain.65537
	agetool open -p passphrase <theirs.txt | cmp - plain.65537

	(umask 077 && echo "wrong horse" >other)
	run -5 agetool open -p other <theirs
	[ "${lines[0]}" = "agetool: the passphrase is wrong" ]
}

@test "both refuse what was changed by a bit" {
	local size offset recipient
	recipient=$(key one)
	content 70000
	agetool seal "$recipient" <plain.70000 >sealed
	size=$(stat -c %s sealed)
	for offset in 0 30 100 170 200 230 65000 65800 $((size - 1)); do
		cp sealed changed
		flip changed "$offset"
		run -1 age -d -i one -o /dev/null changed
		run -5 agetool open one <changed
		flip changed "$offset"
		cmp sealed changed
	done
}

@test "both refuse what was cut, and what continues" {
	local recipient
	recipient=$(key one)
	content 131072
	age -r "$recipient" -o sealed plain.131072
	for cut in 1 16 17 65551 65552 65553; do
		head -c "-$cut" sealed >changed
		run -1 age -d -i one -o /dev/null changed
		run -5 agetool open one <changed
	done
	{
		cat sealed
		printf x
	} >changed
	run -1 age -d -i one -o /dev/null changed
	run -5 agetool open one <changed
	[[ $output == *"continues after its end"* ]]
}

@test "a wrong key is reported before a byte, with how many recipients there are" {
	local one two
	one=$(key one) two=$(key two)
	key stranger
	content 70000
	agetool seal "$one" "$two" <plain.70000 >sealed
	run -5 --separate-stderr agetool open stranger <sealed
	[ -z "$output" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *"encrypted for 2 recipients, and the given key is none of them"* ]]
}

@test "minisign accepts our signatures and we accept its" {
	minisign -G -W -p theirs.pub -s theirs.key >/dev/null
	chmod 600 theirs.key
	run_rung keygen --sign-key ours.key
	assert_status 0
	ours=$(sed -n 's/^trusted key: //p' <<<"$output")
	echo '{"format": "rung-backup/1"}' >manifest
	cp manifest changed
	flip changed 5

	agetool sign ours.key manifest "our comment" >manifest.minisig
	run -0 minisign -V -m manifest -P "$ours"
	[[ $output == *"Trusted comment: our comment"* ]]
	run -1 minisign -V -m changed -x manifest.minisig -P "$ours"
	agetool check "$ours" manifest manifest.minisig
	run -5 agetool check "$ours" changed manifest.minisig

	agetool sign theirs.key manifest "with their key" >manifest.minisig
	minisign -V -m manifest -p theirs.pub
	run -5 agetool check "$ours" manifest manifest.minisig
	[[ $output == *"which is not trusted"* ]]

	minisign -S -s theirs.key -m manifest -t "their comment" >/dev/null
	agetool check theirs.pub manifest manifest.minisig
	run -5 agetool check theirs.pub changed manifest.minisig
	minisign -S -s ours.key -m manifest -t "their program, our key" >/dev/null
	agetool check "$ours" manifest manifest.minisig
}

@test "a signing key that minisign encrypted wants its passphrase" {
	printf 'open up\nopen up\n' | minisign -G -p it.pub -s it.key >/dev/null 2>&1
	chmod 600 it.key
	echo text >file
	run -2 agetool sign it.key file comment
	[[ $output == *"it is encrypted and no passphrase is set"* ]]
	RUNG_SIGN_PASSPHRASE='open down' run -2 agetool sign it.key file comment
	RUNG_SIGN_PASSPHRASE='open up' agetool sign it.key file comment >file.minisig
	minisign -V -m file -p it.pub
}

@test "keygen makes keys that age and minisign know" {
	run_rung keygen
	assert_status 0
	recipient=$(sed -n 's/^recipient: //p' <<<"$output")
	assert_equal "$(stat -c %a backup-identity.key) $(stat -c %a backup-signing.key)" "600 600"
	assert_equal "$(age-keygen -y backup-identity.key)" "$recipient"
	content 65537
	age -r "$recipient" plain.65537 | agetool open backup-identity.key | cmp - plain.65537
	agetool seal "$recipient" <plain.65537 >sealed
	age -d -i backup-identity.key sealed | cmp - plain.65537
	minisign -R -s backup-signing.key -p again.pub
	assert_equal "$(sed -n 2p again.pub)" "$(sed -n 's/^trusted key: //p' <<<"$output")"
	assert_errors_contain "keep a copy of both in a second, safe place"
	refute_output_contains AGE-SECRET-KEY
}

@test "keygen overwrites nothing, and makes all it was asked for or nothing" {
	run_rung keygen --identity-file one --sign-key two
	assert_status 0
	cp one one.before
	run_rung keygen --identity-file one --sign-key three
	assert_status 5
	assert_errors_contain '"one" exists already; keys are never overwritten'
	assert_errors_contain 'after "# public key:"'
	mkdir half
	(cd half && "$RUNG" keygen >/dev/null 2>&1 && rm backup-signing.key)
	cd half
	run_rung keygen
	assert_status 5
	assert_errors_contain '"rung keygen --sign-key backup-signing.key" makes the other key alone.'
	advised 'rung keygen % %'
	[ -e backup-signing.key ]
	cd ..
	grep -q '^# public key: age1' one
	cmp one one.before
	[ ! -e three ]
	run_rung keygen --identity-file four --sign-key no/such/folder/key
	assert_status 5
	[ ! -e four ]
	ln -s elsewhere dangling
	run_rung keygen --identity-file dangling
	assert_status 5
	[ ! -e elsewhere ]
}

@test "keygen --json tells programs the public halves" {
	run_rung keygen --json --identity-file one --sign-key two
	assert_status 0
	assert_output_matches '"type":"key","kind":"identity","path":"one","public_key":"age1'
	assert_output_matches '"type":"key","kind":"signing","path":"two","public_key":"RW'
	refute_output_contains AGE-SECRET-KEY
}

@test "an identity others can read is refused" {
	key one
	chmod 644 one
	run -2 agetool open one </dev/null
	[[ $output == *'"one" is a secret that others may read or write (mode 0644)'* ]]
	refute_secret "$output"
}

refute_secret() { ! contains "$1" "$(grep AGE-SECRET one)" || fail "a secret was shown"; }

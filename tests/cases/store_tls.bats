# Stores with certificates: of an authority of one's own, of none that is known, for another host.

load ../lib/rung
load ../lib/store

setup() {
	if ! command -v node >/dev/null; then skip "node is not installed, the server's TLS needs it"; fi
	store_setup
	stub_start
	authority_make
}
teardown() { store_teardown; }

# An authority, and its certificates for 127.0.0.1 and for another host.
authority_make() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=an authority of our own" \
		-keyout ca.key -out ca.pem 2>/dev/null
	certificate_make here IP:127.0.0.1
	certificate_make elsewhere DNS:elsewhere.example
}

certificate_make() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "$1.pem" \
		-extfile <(echo "subjectAltName=$2") 2>/dev/null
}

# tls_start CERTIFICATE - in front of the stub; sets TLS_URL.
tls_start() {
	local dir=$RUNG_RUN/tls-$BATS_SUITE_TEST_NUMBER-$RANDOM
	mkdir "$dir"
	node "$TESTS/lib/tls_front.js" "$1.pem" "$1.key" "${STUB_URL##*:}" "$dir/port" </dev/null >"$dir/log" 2>&1 3>&- 4>&- &
	helper_started "${dir##*/}" "$!"
	wait_until 20 test -s "$dir/port"
	TLS_URL=https://127.0.0.1:$(cat "$dir/port")
}

@test "a certificate of one's own authority: AWS_CA_BUNDLE for object storage, SSL_CERT_FILE for PUT" {
	tls_start here
	some_bytes 35000000 >large
	AWS_ENDPOINT_URL=$TLS_URL AWS_CA_BUNDLE=$PWD/ca.pem run_store s3://bucket put large <large
	assert_status 0
	SSL_CERT_FILE=$PWD/ca.pem run_store "$TLS_URL/backups" put large <large
	assert_status 0
	"$STORE_PROGRAMS/storetool" s3://bucket get large | cmp - large
	SSL_CERT_FILE=$PWD/ca.pem "$STORE_PROGRAMS/storetool" "$TLS_URL/backups" get large | cmp - large
}

@test "a certificate nobody vouches for is refused at once, with the setting that helps" {
	tls_start here
	AWS_ENDPOINT_URL=$TLS_URL run_store s3://bucket put small <<<small
	assert_status 5
	assert_errors_contain "AWS_CA_BUNDLE"
	run_store "$TLS_URL/backups" put small <<<small
	assert_status 5
	assert_errors_contain "SSL_CERT_FILE"
	assert_equal "$(stub_log)" ""
}

@test "a certificate for another host is refused at once" {
	tls_start elsewhere
	AWS_ENDPOINT_URL=$TLS_URL AWS_CA_BUNDLE=$PWD/ca.pem run_store s3://bucket put small <<<small
	assert_status 5
	SSL_CERT_FILE=$PWD/ca.pem run_store "$TLS_URL/backups" put small <<<small
	assert_status 5
	assert_equal "$(stub_log)" ""
}

@test "a file of certificates that is none is said" {
	tls_start here
	echo "no certificate" >none.pem
	AWS_ENDPOINT_URL=$TLS_URL AWS_CA_BUNDLE=$PWD/none.pem run_store s3://bucket put small <<<small
	assert_status 5
	assert_errors_contain "AWS_CA_BUNDLE"
	SSL_CERT_FILE=/nonexistent run_store "$TLS_URL/backups" put small <<<small
	assert_status 5
	assert_errors_contain "SSL_CERT_FILE"
}

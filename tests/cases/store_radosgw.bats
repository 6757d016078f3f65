# The object store for real: signatures, parts, policies and object lock are checked by radosgw.

load ../lib/rung
load ../lib/store
load ../lib/radosgw

setup_file() {
	wait_until() {
		local end=$((SECONDS + $1))
		shift
		until "$@"; do
			if [ "$SECONDS" -ge "$end" ]; then return 1; fi
			sleep 0.05
		done
	}
	radosgw_start radosgw
	export RADOSGW_URL RADOSGW_MISSING
}

teardown_file() { radosgw_stop radosgw; }

# Each test is a user of its own with a bucket of its own.
setup() {
	store_setup
	if [ -n "${RADOSGW_MISSING:-}" ]; then skip "$RADOSGW_MISSING"; fi
	export AWS_ENDPOINT_URL=$RADOSGW_URL
	OWNER=owner-$BATS_SUITE_TEST_NUMBER
	BUCKET=bucket-$BATS_SUITE_TEST_NUMBER
	radosgw_user radosgw "$OWNER"
}

teardown() { store_teardown; }

make_bucket() { "$STORE_PROGRAMS/storetool" "$@" "s3://$BUCKET" ask PUT </dev/null; }
get_and_compare() {
	"$STORE_PROGRAMS/storetool" "s3://$BUCKET/p" get "$1" >got
	cmp got "$2"
}

@test "small objects are put, listed, read and removed" {
	make_bucket
	some_bytes 1000 >small
	local name='inventory/a b+c=ü&%.json'
	run_store "s3://$BUCKET/p" check
	assert_status 0
	run_store "s3://$BUCKET/p" put "$name" <small
	assert_status 0
	run_store "s3://$BUCKET/p" put empty </dev/null
	run_store "s3://$BUCKET/other" put elsewhere </dev/null
	run_store "s3://$BUCKET/p" list
	assert_output "0 empty
1000 $name"
	run_store "s3://$BUCKET/p" list inventory/
	assert_output "1000 $name"
	get_and_compare "$name" small
	run_store "s3://$BUCKET/p" put "$name" <small
	assert_status 5
	assert_errors_contain "it exists"
	run_store "s3://$BUCKET/p" remove "$name"
	assert_output removed
	run_store "s3://$BUCKET/p" get "$name"
	assert_status 5
	assert_errors_contain NoSuchKey
}

@test "a large object goes in parts" {
	make_bucket
	some_bytes 40000000 >large
	run_store "s3://$BUCKET/p" put large.age <large
	assert_status 0
	get_and_compare large.age large
	some_bytes 33554432 >even
	run_store "s3://$BUCKET/p" put even.age <even
	get_and_compare even.age even
}

@test "a discarded upload leaves neither an object nor parts" {
	make_bucket
	some_bytes 40000000 >large
	run_store "s3://$BUCKET/p" begin large.age <large
	assert_status 0
	run_store "s3://$BUCKET/p" list
	assert_output ""
	run_store "s3://$BUCKET" ask GET uploads </dev/null
	refute_output_contains large.age
}

@test "a wrong secret is told by its name, never by its value" {
	make_bucket
	AWS_SECRET_ACCESS_KEY=not-the-secret run_store "s3://$BUCKET/p" put a </dev/null
	assert_status 5
	assert_errors_contain SignatureDoesNotMatch
	assert_errors_contain AWS_SECRET_ACCESS_KEY
	refute_errors_contain not-the-secret
}

@test "a bucket that does not exist is reported before anything is sent" {
	run_store "s3://no-such-bucket/p" check
	assert_status 5
	assert_errors_contain NoSuchBucket
}

@test "who may only write can write, and nothing else" {
	make_bucket
	local writer=writer-$BATS_SUITE_TEST_NUMBER
	cat >policy <<-JSON
		{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
			"Principal": {"AWS": ["arn:aws:iam:::user/$writer"]},
			"Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
			"Resource": ["arn:aws:s3:::$BUCKET/*"]}]}
	JSON
	"$STORE_PROGRAMS/storetool" "s3://$BUCKET" ask PUT policy <policy
	run_store "s3://$BUCKET/p" put another.json </dev/null
	assert_status 0
	some_bytes 40000000 >large
	(
		radosgw_user radosgw "$writer"
		run_store "s3://$BUCKET/p" check
		assert_status 0
		run_store "s3://$BUCKET/p" put large.age <large
		assert_status 0
		run_store "s3://$BUCKET/p" put small.json </dev/null
		assert_status 0
		run_store "s3://$BUCKET/p" begin given-up.age <large
		assert_status 0
		# What one has written belongs to oneself here.
		get_and_compare large.age large
		local verb
		for verb in list 'get another.json' 'remove another.json'; do
			# shellcheck disable=SC2086 # a verb and its name
			run_store "s3://$BUCKET/p" $verb
			assert_status 5
			assert_errors_contain "(HTTP 403)"
		done
	)
	run_store "s3://$BUCKET/p" list
	assert_output "0 another.json
40000000 large.age
0 small.json"
	run_store "s3://$BUCKET" ask GET uploads </dev/null
	refute_output_contains given-up.age
}

@test "what is locked is hidden, and until when is said" {
	make_bucket --header x-amz-bucket-object-lock-enabled=true
	cat >lock <<-XML
		<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>
		<Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>
	XML
	run_store "s3://$BUCKET/p" put before.age </dev/null
	assert_status 0
	"$STORE_PROGRAMS/storetool" "s3://$BUCKET" ask PUT object-lock <lock
	some_bytes 1000 >small
	run_store "s3://$BUCKET/p" put locked.age <small
	assert_status 0

	run_store "s3://$BUCKET/p" remove locked.age
	assert_status 0
	assert_output_matches "^hidden, retained until 20[0-9][0-9]-"
	run_store "s3://$BUCKET/p" remove before.age
	assert_output removed
	run_store "s3://$BUCKET/p" list
	assert_output ""
}

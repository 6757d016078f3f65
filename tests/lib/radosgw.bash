# shellcheck shell=bash
# radosgw.bash - a real object store: Ceph's gateway on a cluster of one, in memory
#
# It checks signatures, digests, part sizes, policies and object lock as the big
# ones do. Everything lives below $RUNG_RUN; loopback only, not as root.
#
#	radosgw_start NAME      sets RADOSGW_URL, or RADOSGW_MISSING to the reason why it cannot
#	radosgw_user NAME USER  makes a user; its keys are in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
#	radosgw_writer NAME BUCKET PREFIX OWNER WRITER   makes a user who may only write there, and becomes it
#	radosgw_stop NAME

radosgw_programs='ceph ceph-mon ceph-osd ceph-authtool monmaptool radosgw radosgw-admin'

radosgw_missing() {
	local program
	for program in $radosgw_programs; do
		command -v "$program" >/dev/null || { echo "$program" && return; }
	done
}

# A port nobody listens on. Somebody may take it before we do; then starting fails and says so.
radosgw_port() {
	local port
	for _ in {1..50}; do
		port=$((20000 + RANDOM % 12000)) # below what clients are given
		if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port" && return; fi
	done
	return 1
}

# Debian 13's ceph-osd looks for them below a relative path, and then does not support what the gateway asks.
radosgw_classes() {
	local dir
	for dir in /usr/lib/*/rados-classes /usr/lib64/rados-classes; do
		if [ -d "$dir" ]; then echo "$dir" && return; fi
	done
}

radosgw_configure() {
	local dir=$1 v2 v1 web
	v2=$(radosgw_port) v1=$(radosgw_port) web=$(radosgw_port)
	cat >"$dir/ceph.conf" <<-INI
		[global]
		fsid = $(cat /proc/sys/kernel/random/uuid)
		mon host = [v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]
		mon initial members = a
		public network = 127.0.0.0/8
		auth cluster required = cephx
		auth service required = cephx
		auth client required = cephx
		keyring = $dir/keyring
		run dir = $dir
		admin socket =
		pid file = $dir/\$name.pid
		log file = $dir/\$name.log
		mon cluster log file = $dir/cluster.log
		crash dir = $dir
		mon data = $dir/mon
		osd data = $dir/osd
		osd class dir = $(radosgw_classes)
		osd objectstore = memstore
		memstore device bytes = 1073741824
		osd crush chooseleaf type = 0
		osd pool default size = 1
		osd pool default min size = 1
		osd pool default pg num = 1
		osd pool default pgp num = 1
		osd pool default pg autoscale mode = off
		mon allow pool size one = true
		mon warn on pool no redundancy = false
		[client.rgw]
		rgw frontends = beast endpoint=127.0.0.1:$web
		rgw thread pool size = 16
		rgw data = $dir
	INI
	RADOSGW_URL=http://127.0.0.1:$web
}

# The programs read nothing but this folder's configuration.
radosgw_run() {
	local dir=$1
	shift
	(cd "$dir" && CEPH_CONF=$dir/ceph.conf as_server_user "$@") </dev/null 3>&- 4>&-
}

radosgw_cluster() {
	local dir=$1 fsid osd
	fsid=$(sed -n 's/^fsid = //p' "$dir/ceph.conf")
	radosgw_run "$dir" ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
	radosgw_run "$dir" ceph-authtool "$dir/keyring" --gen-key -n client.admin \
		--cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
	radosgw_run "$dir" ceph-authtool "$dir/keyring" --gen-key -n client.rgw --cap mon 'allow rwx' --cap osd 'allow rwx'
	radosgw_run "$dir" ceph-authtool "$dir/keyring" --gen-key -n osd.0 \
		--cap mon 'allow profile osd' --cap osd 'allow *'
	radosgw_run "$dir" monmaptool --create --fsid "$fsid" --addv a \
		"$(sed -n 's/^mon host = //p' "$dir/ceph.conf")" "$dir/monmap"
	radosgw_run "$dir" ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
	radosgw_run "$dir" ceph-mon -i a
	osd=$(cat /proc/sys/kernel/random/uuid)
	radosgw_run "$dir" timeout 60 ceph osd new "$osd" 0
	radosgw_run "$dir" ceph-osd --mkfs -i 0 --osd-uuid "$osd"
	radosgw_run "$dir" ceph-osd -i 0
}

radosgw_answers() { curl -s -o /dev/null --max-time 5 "$RADOSGW_URL"; }

radosgw_start() {
	local dir=$RUNG_RUN/$1 missing
	missing=$(radosgw_missing)
	if [ -n "$missing" ]; then
		# shellcheck disable=SC2034 # the tests skip with it
		RADOSGW_MISSING="$missing is not installed (scripts/install_dependencies.sh --tests)"
		return 0
	fi
	server_folder "$dir"
	server_folder "$dir/osd"
	radosgw_configure "$dir"
	{
		radosgw_cluster "$dir" && radosgw_run "$dir" radosgw -n client.rgw && wait_until 90 radosgw_answers
	} >"$dir/start.log" 2>&1 || {
		tail -n 20 "$dir"/start.log "$dir"/client.rgw.log >&2
		radosgw_stop "$1"
		return 1
	}
	radosgw_note_pids "$1"
}

# Where servers_stop_all looks when the run is given up.
radosgw_note_pids() {
	local name
	mkdir -p "$RUNG_RUN/pids"
	for name in mon.a osd.0 client.rgw; do cp "$RUNG_RUN/$1/$name.pid" "$RUNG_RUN/pids/$1.$name"; done
}

radosgw_user() {
	AWS_ACCESS_KEY_ID=key-of-$2
	AWS_SECRET_ACCESS_KEY=secret-of-$2
	radosgw_run "$RUNG_RUN/$1" radosgw-admin -n client.rgw user create --uid "$2" --display-name "$2" \
		--access-key "$AWS_ACCESS_KEY_ID" --secret-key "$AWS_SECRET_ACCESS_KEY" >"$RUNG_RUN/$1/user.log" 2>&1
	export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# The policies of docs/stores.md, set by the bucket's owner. Objects belong to who wrote them here, so it
# takes a word to let the owner read them, and one to keep the writer from it.
radosgw_writer() {
	local bucket=$2 prefix=$3 owner=$4 writer=$5
	"$STORE_PROGRAMS/storetool" "s3://$bucket" ask PUT policy <<-JSON
		{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/$writer"]},
				"Action": ["s3:PutObject", "s3:AbortMultipartUpload"], "Resource": ["arn:aws:s3:::$bucket/$prefix/*"]},
			{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/$owner"]},
				"Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": ["arn:aws:s3:::$bucket/$prefix/*"]},
			{"Effect": "Deny", "Principal": {"AWS": ["arn:aws:iam:::user/$writer"]},
				"Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion",
					"s3:GetObjectAcl", "s3:PutObjectAcl", "s3:ListBucket", "s3:ListBucketVersions"],
				"Resource": ["arn:aws:s3:::$bucket", "arn:aws:s3:::$bucket/*"]}]}
	JSON
	radosgw_user "$1" "$writer"
}

# The OSD does not end by itself once its monitor is gone.
radosgw_stop() {
	local dir=$RUNG_RUN/$1 name pid
	for name in client.rgw osd.0 mon.a; do
		if ! [ -f "$dir/$name.pid" ]; then continue; fi
		pid=$(cat "$dir/$name.pid")
		if [ "$name" = client.rgw ]; then kill -TERM "$pid" 2>/dev/null || true; else kill -KILL "$pid" 2>/dev/null || true; fi
		wait_until 10 radosgw_is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
	done
	rm -rf "$dir" "$RUNG_RUN/pids/$1".*
}

radosgw_is_gone() { ! kill -0 "$1" 2>/dev/null; }

# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare create: what it leaves when it works, and what when it does not.

load ../lib

@test "a created container waits: its init runs, its program does not" {
	script 'echo started >/started; sleep 1000'
	ok create "$ID"
	is "$output$stderr" ""
	is "$(state_of "$ID")" created
	[ ! -e rootfs/started ]
	kill -0 "$(pid_of "$ID")"
	ok start "$ID"
	until_true 5 [ -e rootfs/started ]
}

@test "the bundle: --bundle, -b, -bundle=, a relative path, the current directory" {
	program sleep 1000
	for option in "--bundle $BUNDLE" "-b $BUNDLE" "-bundle=$BUNDLE" "--bundle ../bundle" ""; do
		# shellcheck disable=SC2086
		ok create $option "$ID"
		is "$(tare state "$ID" | jq -r .bundle)" "$BUNDLE"
		ok delete --force "$ID"
	done
}

@test "another config.json" {
	program sleep 1000
	mv config.json other.json
	fails 1 config.json create "$ID"
	is_tare || skip "not with runc"
	ok create --config other.json "$ID"
	ok delete --force "$ID"
	cd /
	ok create --bundle "$BUNDLE" --config "$BUNDLE/other.json" "$ID"
}

@test "what is done to config.json afterwards has no effect" {
	script 'echo first; sleep 1000'
	ok create "$ID"
	echo '{' >config.json
	ok start "$ID"
	ok exec "$ID" true
	rm config.json
	ok exec "$ID" true
	is "$(state_of "$ID")" running
}

@test "--pid-file: digits and no line end, there when create returns" {
	program sleep 1000
	ok create --pid-file "$B/pid" "$ID"
	is "$(cat "$B/pid")" "$(pid_of "$ID")"
	is "$(wc -c <"$B/pid")" "$(pid_of "$ID" | tr -d '\n' | wc -c)"
	# Nothing else is left where it was written.
	is "$(find "$B" -maxdepth 1 -name '*pid*' | wc -l)" 1
}

@test "--pid-file is replaced when it is there; a link is not written through" {
	program sleep 1000
	echo "other, and longer than a pid" >"$B/target"
	ln -s target "$B/pid"
	ok create --pid-file "$B/pid" "$ID"
	is "$(cat "$B/pid")" "$(pid_of "$ID")"
	! is_tare || is "$(cat "$B/target")" "other, and longer than a pid"
}

@test "--pid-file that cannot be written: nothing is left" {
	fails 1 pid create --pid-file "$B/nosuch/pid" "$ID"
	no_trace "$ID"
}

@test "the standard descriptors are handed on, and nobody else has them" {
	script 'cat >/dev/null; echo out; echo err >&2'
	mkfifo "$B/in" "$B/out" "$B/err"
	tare create "$ID" <>"$B/in" >"$B/log" 2>&1 || fail "$(cat "$B/log")"
	ok delete --force "$ID"
	# Through real pipes: their end is seen when init ends, so that nobody else has them.
	sleep 0.1 | tare create "$ID" 2>"$B/2" 3>&- 4>&- | cat >"$B/1" &
	until_true 5 has_status "$ID" created
	ok start "$ID"
	wait $!
	is "$(cat "$B/1")" out
	is "$(cat "$B/2")" err
}

@test "descriptors of the caller do not get in" {
	put tools/probe
	program probe fds
	# Seven and eight, as buildah has them, and a directory of the host.
	try_command bash -c 'exec 7</ 8</etc/passwd 20<>/dev/null; exec "$RUNTIME" --root "$ROOT" run "$ID" 3>&- 4>&-'
	is "$status" 0
	is "$(cut -d' ' -f1 <<<"$output" | sort -n | tr '\n' ' ')" "0 1 2 "
}

@test "--preserve-fds hands on as many, at their numbers" {
	put tools/probe
	program probe fds
	echo three >"$B/3"
	echo four >"$B/4"
	try_command bash -c 'exec 3<"$B/3" 4<"$B/4" 5</etc/passwd; exec "$RUNTIME" --root "$ROOT" run --preserve-fds 2 "$ID"'
	is "$status" 0
	is "$(cut -d' ' -f1 <<<"$output" | sort -n | tr '\n' ' ')" "0 1 2 3 4 "
	has "$output" "3 $B/3"
	has "$output" "4 $B/4"
}

@test "--preserve-fds more than there are" {
	try_command bash -c 'exec 3</dev/null 4>&- 5>&-; exec "$RUNTIME" --root "$ROOT" run --preserve-fds 3 "$ID"'
	isnt "$status" 0
	no_trace "$ID"
}

@test "LISTEN_FDS: the descriptors of a socket activation" {
	script 'echo $LISTEN_FDS $LISTEN_PID $LISTEN_FDNAMES; cat <&3'
	echo three >"$B/3"
	# LISTEN_PID must be the runtime's own: exec keeps the shell's.
	try_command bash -c 'exec 3<"$B/3" 4>&-; export LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=web; exec "$RUNTIME" --root "$ROOT" run "$ID"'
	is "$status" 0
	! is_tare || is "$output" $'1 1 web\nthree'
}

@test "an id that is taken" {
	program sleep 1000
	ok create "$ID"
	pid=$(pid_of "$ID")
	fails 1 "container with given ID already exists" create "$ID"
	is "$(state_of "$ID")" created
	is "$(pid_of "$ID")" "$pid"
	ok start "$ID"
	fails 1 "container with given ID already exists" run "$ID"
	is "$(state_of "$ID")" running
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	fails 1 "container with given ID already exists" create "$ID"
	ok delete "$ID"
	ok create "$ID"
}

@test "ids that are taken, and ids that cannot be" {
	program true
	local id

	for id in "$PREFIX+_.-Z9" "a.$PREFIX" "$PREFIX$(printf 'x%.0s' {1..200})"; do
		ok run "$id"
	done
	for id in ../x a/b . .. "" "a b" $'a\nb' 'a%s%n' "$(printf 'x%.0s' {1..256})" "$(printf 'x%.0s' {1..300})" 'é' '*' '$(id)'; do
		try create -- "$id"
		isnt "$status" 0
		! is_tare || is "$status" 1
		try create "$id"
		isnt "$status" 0
	done
	[ -z "$(ls -A "$ROOT" 2>/dev/null)" ]
}

@test "two creates of one id at once: one wins" {
	local round i won

	program sleep 1000
	for round in 1 2 3 4 5; do
		for i in 1 2 3 4; do
			{ tare create "$ID" >"$B/out.$i" 2>&1 && echo won >"$B/won.$i"; } </dev/null 3>&- 4>&- &
		done
		wait
		won=$(find "$B" -name 'won.*' | wc -l)
		is "$won" 1
		! is_tare || for i in 1 2 3 4; do
			[ -e "$B/won.$i" ] || has "$(cat "$B/out.$i")" "container with given ID already exists"
		done
		rm "$B"/won.*
		is "$(state_of "$ID")" created
		ok delete --force "$ID"
		no_trace "$ID"
	done
}

@test "eight at once" {
	program sleep 1000
	for i in 1 2 3 4 5 6 7 8; do
		tare create "$PREFIX$i" </dev/null >"$B/out.$i" 2>&1 3>&- 4>&- &
	done
	wait
	ok list -q
	is "$(wc -l <<<"$output")" 8
	is "$(cat "$B"/out.*)" ""
}

@test "config.json: empty, truncated, no JSON, too deep, too large" {
	local document

	for document in '' '{' '{"ociVersion": "1.0.0"' 'null' '[]' '"x"' 'NaN' $'\xef\xbb\xbf{}' '{}}' '{} {}' '{"a": 1,}' "{'a': 1}" '/* */ {}' '{"a": 01}'; do
		printf '%s' "$document" >config.json
		try create "$ID"
		isnt "$status" 0
		! is_tare || {
			is "$status" 1
			matches "$stderr" '^tare: read config\.json: '
		}
		no_trace "$ID"
	done
	head -c 100000 /dev/zero | tr '\0' '[' >config.json
	try create "$ID"
	isnt "$status" 0
	head -c 17000000 /dev/zero | tr '\0' ' ' >config.json
	try create "$ID"
	isnt "$status" 0
	base_config | head -c 900 >config.json
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "config.json: a FIFO, a device, a directory, none; nothing hangs" {
	LIMIT=5
	is_tare || skip "the others hang"
	rm config.json
	try create "$ID"
	is "$status" 1
	has "$stderr" config.json
	mkfifo config.json
	fails 1 config.json create "$ID"
	rm config.json
	ln -s /dev/zero config.json
	fails 1 config.json create "$ID"
	rm config.json
	mkdir config.json
	fails 1 config.json create "$ID"
	no_trace "$ID"
}

@test "config.json: a duplicate key, also of security, is an error" {
	is_tare || skip "the others take the last"
	sed -i 's/"noNewPrivileges": true/"noNewPrivileges": true, "noNewPrivileges": false/' config.json
	refused /process/noNewPrivileges ""
}

@test "config.json: invalid UTF-8 and half surrogates" {
	is_tare || skip "the others take it"
	for bad in '\ud800' $'\xc0\xaf' $'\xff' $'\xed\xa0\x80'; do
		text=$(base_config | jq '.hostname = "HERE"')
		printf '%s%s%s' "${text%%HERE*}" "$bad" "${text#*HERE}" >config.json
		try create "$ID"
		is "$status" 1
		no_trace "$ID"
	done
}

@test "the bundle is missing, a file, without a config" {
	fails 1 "/nosuch" create --bundle /nosuch "$ID"
	fails 1 "" create --bundle "$BUNDLE/config.json" "$ID"
	fails 1 "config.json" create --bundle "$BUNDLE/rootfs" "$ID"
	no_trace "$ID"
}

@test "the root file system is missing, or a file" {
	mv rootfs gone
	try create "$ID"
	isnt "$status" 0
	echo >rootfs
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "a state directory that is full" {
	is_tare || skip "about tare"
	mkdir "$B/small"
	program sleep 1000
	# Room for a directory and little more; what was there before stays readable.
	for size in 4k 8k 12k; do
		try_command unshare --mount sh -c 'mount -t tmpfs -o size="$1" t "$B/small" && dd if=/dev/zero of="$B/small/fill" bs=1k count="$2" status=none 2>/dev/null
			"$RUNTIME" --root "$B/small" create "$ID"; rc=$?; ls "$B/small"; exit $rc' sh "$size" "${size%k}"
		[ "$status" -eq 1 ] || fail "$size: exit status $status" "$output" "$stderr"
		is "$output" fill
		has "$stderr" ENOSPC
		lacks "${stderr,,}" "no such file"
	done
	no_trace "$ID"
}

@test "a state directory that is read-only, a file, in a missing directory" {
	is_tare || skip "about tare"
	mkdir "$B/ro"
	try_command unshare --mount sh -c 'mount -t tmpfs -o ro t "$B/ro" && "$RUNTIME" --root "$B/ro" create "$ID"'
	is "$status" 1
	has "$stderr" EROFS
	echo >"$B/file"
	try_command "$RUNTIME" --root "$B/file" create "$ID"
	is "$status" 1
	try_command "$RUNTIME" --root "$B/file/below" create "$ID"
	is "$status" 1
	no_trace "$ID"
	# Parents are made.
	program sleep 1000
	try_command "$RUNTIME" --root "$B/new/state/dir" create "$ID"
	is "$status" 0
	"$RUNTIME" --root "$B/new/state/dir" delete --force "$ID"
	matches "$(stat -c %a "$B/new/state/dir")" '^7(00|11)$'
}

@test "SIGTERM while it works: nothing is left" {
	config '.hooks.prestart = [{path: "/bin/sleep", args: ["sleep", "1000"]}]'
	# Not INT: a shell without job control lets its background ignore that.
	for signal in TERM HUP; do
		tare create "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
		pid=$!
		until_true 5 [ -d "$ROOT/$ID" ]
		sleep 0.2
		kill -"$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		isnt "$status" 0
		ok delete --force "$ID"
		no_trace "$ID"
	done
}

@test "SIGKILL while it works: delete --force removes everything" {
	is_tare || skip "the others leave something"
	config --arg p "$B/hook" '.hooks.prestart = [{path: "/bin/sh", args: ["sh", "-c", "echo $$ >\($p); exec sleep 1000"]}]'
	tare create "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 [ -s "$B/hook" ]
	kill -KILL $!
	wait $! 2>/dev/null || :
	ok delete --force "$ID"
	kill -KILL "$(cat "$B/hook")" 2>/dev/null || :
	no_trace "$ID"
	program sleep 1000
	config 'del(.hooks)'
	ok create "$ID"
}

@test "the FIFOs of start are the owner's only, in a directory that is" {
	is_tare || skip "about tare"
	program sleep 1000
	ok create "$ID"
	is "$(stat -c %a "$ROOT/$ID")" 700
	[ -z "$(find "$ROOT/$ID" -type p ! -perm 600)" ]
	[ -z "$(find "$ROOT/$ID" -type f -perm /077)" ]
}

@test "the session keyring is a new one, unless --no-new-keyring" {
	put tools/probe
	program probe keyring
	ok run "$ID"
	mine=$("$PROGRAMS/tools/probe" keyring)
	isnt "$output" "$mine"
	ok run --no-new-keyring "$ID"
	is "$output" "$mine"
}

@test "--no-pivot" {
	inside 'ls /; cat /proc/self/mountinfo | wc -l'
	script 'ls -d /bin /etc/passwd; ls /nosuch-on-the-host 2>/dev/null; pwd'
	ok run --no-pivot "$ID"
	is "$output" $'/bin\n/etc/passwd\n/'
}

@test "--pidfd-socket: a pidfd of init" {
	is_tare || skip "not in runtimes of that age"
	program sleep 1000
	cat >"$B/receive.py" <<-'END'
		import os, signal, socket, subprocess, sys
		listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
		listener.bind(sys.argv[1])
		listener.listen(1)
		listener.settimeout(10)
		child = subprocess.Popen(sys.argv[2:])
		connection, _ = listener.accept()
		_, fds, _, _ = socket.recv_fds(connection, 4096, 4)
		status = child.wait()
		info = open("/proc/self/fdinfo/%d" % fds[0]).read()
		print([line.split()[1] for line in info.splitlines() if line.startswith("Pid:")][0])
		sys.exit(status)
	END
	try_command /usr/bin/python3 "$B/receive.py" "$B/pidfd" tare create --pidfd-socket "$B/pidfd" "$ID"
	is "$status" 0
	is "$output" "$(pid_of "$ID")"
}

@test "flags for callers of other runtimes are accepted" {
	program sleep 1000
	ok create --no-subreaper "$ID" || ok create "$ID"
}

@test "a signal that the caller ignores or blocks is as new for the program" {
	put tools/probe
	program probe signals
	try_command bash -c 'trap "" INT TERM PIPE HUP USR1; exec tare run "$ID"'
	is "$status" 0
	! is_tare || is "$(tr -d '\t' <<<"$output")" $'SigBlk:0000000000000000\nSigIgn:0000000000000000'
}

@test "nothing of us is in the rootfs" {
	find rootfs | sort >"$B/before"
	inside true
	find rootfs | sort | diff "$B/before" -
}

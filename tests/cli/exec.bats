# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare exec: one more process in a container

load ../lib

@test "output, error output, exit status" {
	up
	try exec "$ID" sh -c 'echo out; echo err >&2; exit 9'
	is "$status" 9
	is "$output" out
	is "$stderr" err
}

@test "the exit status of a signal is 128 more" {
	up
	try exec "$ID" sh -c 'kill -9 $$'
	is "$status" 137
	try exec "$ID" sh -c 'kill -TERM $$'
	is "$status" 143
}

@test "options end at the program: its own are its own" {
	up
	ok exec "$ID" echo -e -t --user x
	is "$output" "-t --user x"
	ok exec -- "$ID" echo -n x
	is "$output" "x"
}

@test "standard input" {
	up
	echo hello >"$B/in"
	STDIN=$B/in ok exec "$ID" cat
	is "$output" hello
	is "$(echo piped | tare exec "$ID" cat)" piped
}

@test "-e adds variables, the last of a name wins" {
	script 'sleep 1000' '.process.env += ["A=config", "B=config"]'
	ok run -d "$ID"
	ok exec -e A=one --env A=two -e "C=a b" "$ID" sh -c 'echo $A,$B,$C'
	is "$output" "two,config,a b"
	FROM_CALLER=leak ok exec "$ID" env
	lacks "$output" FROM_CALLER
}

# A numeric user, strictly: CVE-2026-30892 took "-u 1" for 0:0.
@test "-u UID and UID:GID" {
	up
	ok exec -u 1000 "$ID" sh -c 'id -u; id -g'
	is "$output" $'1000\n0'
	ok exec --user 1000:1001 "$ID" sh -c 'id -u; id -g; echo $HOME'
	is "$output" $'1000\n1001\n/home/user'
	ok exec -u 0 "$ID" id -u
	is "$output" 0
}

@test "-u: what is no number is refused, not taken for a name or for 0" {
	local user

	is_tare || skip "the others take some"
	printf '99999999999:x:0:0::/:/bin/sh\n' >>rootfs/etc/passwd
	up
	for user in "" x root -1 4294967295 4294967296 1: 1:x "1 " " 1" 0x1 1:-1 :1 1:2:3 100000000000000000000 99999999999 1e3 +1; do
		try exec -u "$user" "$ID" id -u
		is "$status" 255
		[ "$output" = "" ] || fail "-u '$user' ran as $output"
		has "$stderr" "tare: exec failed: "
	done
}

@test "-g adds groups" {
	up
	ok exec -g 5 --additional-gids 1001 "$ID" id -G
	is "$output" "0 5 1001"
}

@test "--cwd" {
	up
	ok exec --cwd /tmp "$ID" pwd
	is "$output" /tmp
	try exec --cwd tmp "$ID" pwd
	is "$status" 255
	try exec --cwd /etc/passwd "$ID" pwd
	is "$status" 255
}

@test "-c adds a capability to bounding, permitted and effective, never to inheritable" {
	is_tare || skip "runc of that age differs"
	script 'sleep 1000' '.process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_KILL"]}) | add) | .process.noNewPrivileges = true'
	ok run -d "$ID"
	ok exec -c CAP_NET_ADMIN "$ID" sh -c 'grep Cap /proc/self/status | sed "s/.*\t0*//; s/^$/0/" | tr "\n" " "'
	is "$output" "0 1020 1020 1020 0 "
	try exec -c CAP_NOSUCH "$ID" true
	is "$status" 255
}

@test "--no-new-privs" {
	script 'sleep 1000' '.process.noNewPrivileges = false'
	ok run -d "$ID"
	ok exec "$ID" sed -n 's/NoNewPrivs:.//p' /proc/self/status
	is "$output" 0
	ok exec --no-new-privs "$ID" sed -n 's/NoNewPrivs:.//p' /proc/self/status
	is "$output" 1
}

@test "-p: a process.json" {
	up
	jq -n '{args: ["sh", "-c", "echo $X; id -u; id -g; pwd; ulimit -n; umask; sed -n \"s/CapEff:.//p\" /proc/self/status"],
		env: ["PATH=/bin", "X=1"], cwd: "/tmp", user: {uid: 1000, gid: 1001, umask: 63},
		rlimits: [{type: "RLIMIT_NOFILE", soft: 55, hard: 66}], capabilities: {}}' >"$B/process.json"
	ok exec -p "$B/process.json" "$ID"
	is "$output" $'1\n1000\n1001\n/tmp\n55\n0077\n0000000000000000'
	ok exec --process "$B/process.json" --detach --pid-file "$B/pid" "$ID"
}

@test "-p: what is wrong in it is said with its place" {
	is_tare || skip "about tare"
	up
	echo '{"args": ["true"], "cwd": "relative"}' >"$B/process.json"
	fails 255 "tare: exec failed: " exec -p "$B/process.json" "$ID"
	has "$stderr" cwd
	echo '{"args": ["true"], "cwd": "/", "user": {"uid": "0"}}' >"$B/process.json"
	fails 255 "user/uid" exec -p "$B/process.json" "$ID"
	matches "$stderr" 'process\.json:1:[0-9]+'
	echo '{"args": [' >"$B/process.json"
	fails 255 "process.json" exec -p "$B/process.json" "$ID"
	fails 255 "nosuch" exec -p "$B/nosuch.json" "$ID"
	mkfifo "$B/fifo"
	LIMIT=5 fails 255 "fifo" exec -p "$B/fifo" "$ID"
}

@test "-d: returns when the program runs; its pid is in the file, digits only" {
	up
	ok exec -d --pid-file "$B/pid" "$ID" sh -c 'echo ran >/tmp/ran; sleep 1000'
	is "$output$stderr" ""
	matches "$(cat "$B/pid")" '^[0-9]+$'
	is "$(wc -l <"$B/pid")" 0
	until_true 5 [ -s "/proc/$(pid_of "$ID")/root/tmp/ran" ]
	# Its sh becomes the sleep.
	matches "$(tr '\0' ' ' <"/proc/$(cat "$B/pid")/cmdline")" '^s(h -c|leep)'
}

@test "-d: no pid file when the program cannot run" {
	up
	try exec -d --pid-file "$B/pid" "$ID" nosuch
	is "$status" 255
	[ ! -e "$B/pid" ]
}

@test "-d: its parent is the caller's reaper, and its output the caller's" {
	up
	{ tare exec -d "$ID" sh -c 'sleep 0.3; echo later'; } >"$B/out" 3>&- 4>&-
	until_true 5 grep -q later "$B/out"
}

@test "the namespaces, cgroups and root are the container's" {
	local kind

	script 'sleep 1000' '.linux.namespaces |= (map(select(.type != "cgroup")) + [{type: "cgroup"}])'
	ok run -d "$ID"
	ok exec "$ID" sh -c 'for k in pid net ipc uts mnt cgroup user; do readlink /proc/self/ns/$k; done; hostname'
	for kind in pid net ipc uts mnt cgroup user; do
		has "$output" "$(readlink "/proc/$(pid_of "$ID")/ns/$kind")"
	done
	ok exec -d --pid-file "$B/pid" "$ID" sleep 1000
	diff <(cut -d: -f2- "/proc/$(pid_of "$ID")/cgroup" | grep tare) <(cut -d: -f2- "/proc/$(cat "$B/pid")/cgroup" | grep tare)
	has "$(tare ps --format json "$ID")" "$(cat "$B/pid")"
}

@test "it ends with the container" {
	up
	ok exec -d --pid-file "$B/pid" "$ID" sleep 1000
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	wait_gone "$(cat "$B/pid")"
}

@test "-t: a terminal of the right size" {
	up
	try_command "$TESTS/lib/pty.py" --size 17x61 --expect '# ' --send 'stty size; tty\r' --expect '17 61' --expect /dev/pts/ --raw \
		--size 9x30 --send 'until [ "$(stty size)" = "9 30" ]; do sleep 0.05; done; echo si""zed\r' --expect sized --send 'exit 4\r' --restored -- tare exec -t "$ID" sh
	[ "$status" -eq 4 ] || fail "exit status $status" "$output" "$stderr"
}

@test "-t: it is the controlling one, in a session of its own" {
	put tools/probe
	up
	try_command "$TESTS/lib/pty.py" -- tare exec -t "$ID" probe session
	is "$status" 0
	matches "${output//$'\r'/}" '^pid ([0-9]+) group [0-9]+ session [0-9]+ terminal$'
	isnt "$(cut -d' ' -f6 <<<"$output")" 0
}

@test "-t with a process.json, and one that asks for a terminal itself" {
	up
	echo '{"args": ["tty"], "cwd": "/", "terminal": true}' >"$B/process.json"
	try_command "$TESTS/lib/pty.py" -- tare exec -p "$B/process.json" "$ID"
	has "$output" /dev/pts/
	echo '{"args": ["tty"], "cwd": "/"}' >"$B/process.json"
	try_command "$TESTS/lib/pty.py" -- tare exec -t -p "$B/process.json" "$ID"
	has "$output" /dev/pts/
}

@test "-t: standard input a file; standard output a file" {
	up
	echo hello >"$B/in"
	STDIN=$B/in LIMIT=10 try exec -t "$ID" sh -c 'tty; read x; echo got $x'
	is "$status" 0
	has "$output" "got hello"
	has "$output" /dev/pts/
}

@test "--console-socket" {
	up
	try_command "$TESTS/lib/pty.py" --console "$B/console" --size 15x45 --expect '# ' --send 'stty size; exit\r' --expect '15 45' \
		-- tare exec -d -t --console-socket "$B/console" "$ID" sh
	is "$status" 0
}

@test "no terminal: that of a container with one is not its own" {
	script 'sleep 1000' '.process.terminal = true'
	try_command "$TESTS/lib/pty.py" --console "$B/console" -- tare run -d --console-socket "$B/console" "$ID"
	is "$status" 0
	ok exec "$ID" sh -c 'tty || :'
	is "$output" "not a tty"
}

@test "signals are passed on" {
	up
	env --default-signal tare exec "$ID" sh -c 'for s in HUP INT TERM USR1; do trap "echo got $s" $s; done; trap "exit 5" USR2; echo ready; while :; do sleep 0.1; done' \
		</dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 grep -q ready "$B/log"
	for signal in HUP INT TERM USR1; do
		kill -"$signal" $!
		until_true 5 grep -q "got $signal" "$B/log"
	done
	kill -USR2 $!
	status=0
	wait $! || status=$?
	is "$status" 5
}

@test "the runtime is killed: the program goes on, and ends with the container" {
	up
	tare exec "$ID" sh -c 'echo ready; sleep 1000' </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 grep -q ready "$B/log"
	kill -KILL $!
	wait $! 2>/dev/null || :
	is "$(state_of "$ID")" running
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "a program that is not there, is no program, a directory" {
	up
	fails 255 'exec: "nosuch": executable file not found in $PATH' exec "$ID" nosuch
	fails 255 'no such file or directory' exec "$ID" /nosuch/program
	fails 255 'permission denied' exec "$ID" /etc/passwd
	try exec "$ID" /etc
	is "$status" 255
	! is_tare || {
		has "$stderr" "is a directory"
		matches "$stderr" '^tare: exec failed: '
	}
	is "$(state_of "$ID")" running
}

@test "no program, none in the container" {
	up
	try exec "$ID"
	isnt "$status" 0
	fails 255 "container does not exist" exec "$ID2" true
	! is_tare || has "$stderr" "exec failed: container does not exist"
}

@test "into a container that is created, paused, stopped" {
	program sleep 1000
	ok create "$ID"
	ok exec "$ID" echo created
	is "$output" created
	ok start "$ID"
	ok pause "$ID"
	LIMIT=5 fails 255 "cannot exec in a paused container (use --ignore-paused to override)" exec "$ID" true
	ok resume "$ID"
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	fails 255 "" exec "$ID" true
	! is_tare || has "$stderr" "exec failed: cannot exec in a stopped container"
}

@test "--ignore-paused: it begins when the container goes on" {
	up
	ok pause "$ID"
	tare exec --ignore-paused "$ID" sh -c 'echo ran' </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	sleep 0.5
	is "$(cat "$B/log")" ""
	ok resume "$ID"
	wait $!
	is "$(cat "$B/log")" ran
}

@test "--preserve-fds" {
	put tools/probe
	up
	echo three >"$B/3"
	try_command bash -c 'exec 3<"$B/3" 4</ 7</; exec "$RUNTIME" --root "$ROOT" exec --preserve-fds 1 "$ID" probe fds'
	is "$status" 0
	is "$(cut -d' ' -f1 <<<"$output" | sort -n | tr '\n' ' ')" "0 1 2 3 "
	has "$output" "3 $B/3"
}

@test "descriptors of the caller do not get in" {
	put tools/probe
	up
	try_command bash -c 'exec 7</ 8</etc 20<>/dev/null; exec "$RUNTIME" --root "$ROOT" exec "$ID" probe fds 3>&- 4>&-'
	is "$(cut -d' ' -f1 <<<"$output" | sort -n | tr '\n' ' ')" "0 1 2 "
}

@test "twenty at once" {
	local i

	up
	for i in $(seq 20); do
		tare exec "$ID" echo "$i" </dev/null >"$B/out.$i" 2>&1 3>&- 4>&- &
	done
	wait
	is "$(cat "$B"/out.* | sort -n | tr '\n' ' ')" "$(seq 20 | tr '\n' ' ')"
}

@test "while the container dies: an error, no hang" {
	local round i

	for round in 1 2 3; do
		up
		for i in 1 2 3 4; do
			timeout 10 tare exec "$ID" sleep 1000 </dev/null >"$B/out.$i" 2>&1 3>&- 4>&- &
		done
		sleep "0.0$round"
		ok delete --force "$ID"
		for i in $(jobs -p); do
			status=0
			wait "$i" || status=$?
			isnt "$status" 124
		done
	done
}

@test "flags that are not supported yet say so" {
	is_tare || skip "about tare"
	up
	for flag in --apparmor=x --process-label=x --cgroup=x; do
		fails 255 "not supported yet" exec "$flag" "$ID" true
	done
}

@test "hybrid, v1 and v2 views" {
	for view in v1 v2; do
		[ $view = v1 ] || has_v2 || continue
		[ $view = v2 ] || has_v1 memory || continue
		VIEW=$view
		up
		ok exec "$ID" echo "in $view"
		is "$output" "in $view"
		ok delete --force "$ID"
	done
}

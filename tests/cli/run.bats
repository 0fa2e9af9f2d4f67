# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare run: in front, in the background, on a terminal

load ../lib

@test "output, error output, exit status; nothing is left" {
	script 'echo out; echo err >&2; exit 7'
	try run "$ID"
	is "$status" 7
	is "$output" out
	is "$stderr" err
	no_trace "$ID"
}

@test "the exit status of a signal is 128 more" {
	without pid
	script 'kill -9 $$'
	try run "$ID"
	is "$status" 137
	script 'kill -TERM $$'
	try run "$ID"
	is "$status" 143
}

@test "standard input: a file, a pipe, /dev/null, closed" {
	echo "a file" >"$B/in"
	script cat
	STDIN=$B/in ok run "$ID"
	is "$output" "a file"
	output=$(echo "a pipe" | tare run "$ID")
	is "$output" "a pipe"
	ok run "$ID"
	is "$output" ""
	script 'cat; echo end'
	try_command sh -c 'exec tare run "$ID" <&-'
	is "$status" 0
	has "$output" end
}

@test "a large output arrives whole, to a file and to a pipe" {
	script 'yes 0123456 | head -c 3000000'
	ok run "$ID"
	is "$(wc -c <"$B/stdout")" 3000000
	is "$(tare run "$ID" </dev/null | wc -c)" 3000000
}

@test "standard output closed, or a pipe that nobody reads" {
	script 'echo out; echo err >&2; exit 3'
	try_command sh -c 'tare run "$ID" >&-'
	is "$status" 3
	program sh -c 'trap "" PIPE; while echo x; do :; done 2>/dev/null; exit 4'
	set +o pipefail
	try_command bash -c 'tare run "$ID" | head -n 1 >/dev/null; exit "${PIPESTATUS[0]}"'
	is "$status" 4
}

@test "-d: returns when the program runs, and leaves it running" {
	script 'sleep 1000'
	ok run -d "$ID"
	is "$output$stderr" ""
	is "$(state_of "$ID")" running
	# A child of the caller's reaper, not of a helper of ours that stays.
	! is_tare || is "$(pgrep -f "root $ROOT" || :)" ""
}

@test "-d: a program that cannot run" {
	program nosuch
	fails 1 'executable file not found' run -d "$ID"
	no_trace "$ID"
}

@test "--pid-file" {
	script 'sleep 1000'
	ok run -d --pid-file "$B/pid" "$ID"
	is "$(cat "$B/pid")" "$(pid_of "$ID")"
}

@test "--keep" {
	is_tare || skip "not in runtimes of that age"
	program sh -c 'exit 3'
	try run --keep "$ID"
	is "$status" 3
	is "$(state_of "$ID")" stopped
	ok delete "$ID"
}

@test "signals are passed on" {
	script 'for s in HUP INT TERM USR1 USR2 WINCH CONT QUIT; do trap "echo got $s" $s; done; echo ready; while :; do sleep 0.1; done'
	# A shell starts background jobs with INT and QUIT ignored.
	env --default-signal tare run "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	pid=$!
	until_true 5 grep -q ready "$B/log"
	# env and the wrapper have become the runtime: the same pid.
	for signal in HUP INT QUIT TERM USR1 USR2 CONT; do
		kill -"$signal" "$pid"
		until_true 5 grep -q "got $signal" "$B/log"
	done
	ok kill "$ID" KILL
	status=0
	wait "$pid" || status=$?
	is "$status" 137
	no_trace "$ID"
}

@test "a signal ends a program that does not trap it" {
	without pid # init of a pid namespace would not be touched
	script 'echo ready; exec sleep 1000'
	tare run "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 grep -q ready "$B/log"
	kill -TERM $!
	status=0
	wait $! || status=$?
	is "$status" 143
	no_trace "$ID"
}

@test "SIGKILL of the runtime: delete --force removes the container" {
	script 'echo ready; sleep 1000'
	tare run "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 grep -q ready "$B/log"
	kill -KILL $!
	wait $! 2>/dev/null || :
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "children that init leaves behind do not keep it, nor stay" {
	script 'sleep 1000 & sleep 1000 & exit 3'
	LIMIT=5 try run "$ID"
	is "$status" 3
	no_trace "$ID"
}

@test "children in the host's pid namespace do not stay either" {
	without pid
	script 'sleep 1000 & sleep 1000 & exit 3'
	LIMIT=15 try run "$ID"
	is "$status" 3
	! is_tare || no_trace "$ID"
}

@test "the same id again at once" {
	program true
	for _ in 1 2 3 4 5; do ok run "$ID"; done
}

@test "four containers at once, each its own output" {
	local i

	for i in 1 2 3 4; do
		jq --arg i "$i" '.process.args = ["sh", "-c", "echo \($i); exit \($i)"]' config.json >"$B/$i.json"
		mkdir "$B/bundle.$i"
		cp "$B/$i.json" "$B/bundle.$i/config.json"
		ln -s "$BUNDLE/rootfs" "$B/bundle.$i/rootfs"
		is_tare || { rm "$B/bundle.$i/rootfs" && cp -a rootfs "$B/bundle.$i/rootfs"; }
		{ rc=0; tare run --bundle "$B/bundle.$i" "$PREFIX$i" >"$B/out.$i" 2>&1 || rc=$?; echo $rc >"$B/rc.$i"; } </dev/null 3>&- 4>&- &
	done
	wait
	is "$(cat "$B"/out.* "$B"/rc.* | tr '\n' ' ')" "1 2 3 4 1 2 3 4 "
}

# --- on a terminal ---

on_pty() { try_command "$TESTS/lib/pty.py" "$@"; output=${output//$'\r'/}; }
shell() { script "${1:-exec sh}" '.process.terminal = true'; }

@test "a shell on a terminal: it is raw meanwhile and restored after" {
	shell
	on_pty --size 21x83 --expect '# ' --send 'stty size; tty\r' --expect '21 83' --expect /dev/pts/0 \
		--raw --send 'exit 5\r' --restored -- tare run "$ID"
	[ "$status" -eq 5 ] || fail "exit status $status" "$output" "$stderr"
}

@test "the size follows" {
	shell
	on_pty --size 21x83 --expect '# ' --size 10x40 --send 'until [ "$(stty size)" = "10 40" ]; do sleep 0.05; done; echo si""zed\r' --expect sized --send 'exit\r' -- tare run "$ID"
	is "$status" 0
}

@test "keys are for the program: ^C interrupts it, not us" {
	shell
	on_pty --expect '# ' --send 'sleep 1000\r' --expect 1000 --run 'sleep 0.3' --send '\x03' --expect '# ' --send 'echo st$?; exit 6\r' --expect st130 \
		--restored -- tare run "$ID"
	is "$status" 6
}

@test "end of file by ^D" {
	shell 'cat; echo end'
	on_pty --run 'sleep 0.3' --send 'text\r' --expect text --send '\x04' --expect end --restored -- tare run "$ID"
	is "$status" 0
}

@test "the last of a large output is there" {
	shell 'seq 20000; echo the end'
	on_pty -- tare run "$ID"
	is "$status" 0
	is "$(tail -n 1 <<<"$output")" "the end"
	is "$(wc -l <<<"$output")" 20001
}

@test "a terminal, and standard input is no terminal" {
	shell 'tty; read x; echo got $x; stty size'
	echo hello >"$B/in"
	STDIN=$B/in LIMIT=10 try run "$ID"
	is "$status" 0
	has "$output" "got hello"
	has "$output" /dev/pts/0
}

@test "a terminal, and standard input is /dev/null: the end is seen" {
	shell 'cat; echo end'
	LIMIT=10 try run "$ID"
	is "$status" 0
	has "$output" end
}

@test "a terminal, and standard output is a file" {
	shell 'tty; echo to the file'
	on_pty --restored -- sh -c 'tare run "$ID" >"$B/file"'
	is "$status" 0
	is "$(tr -d '\r' <"$B/file")" $'/dev/pts/0\nto the file'
}

@test "a terminal, and standard input closed" {
	shell 'echo runs'
	LIMIT=10 try_command sh -c 'exec tare run "$ID" <&-'
	is "$status" 0
	has "$output" runs
}

@test "our terminal goes away: the program's does, too" {
	shell 'echo ready; sleep 1000'
	on_pty --expect ready --hangup -- tare run "$ID"
	isnt "$status" 98
	no_trace "$ID"
}

@test "no terminal of its own: ours stays as it is" {
	script 'echo ready; exit 2'
	on_pty --expect ready --restored -- tare run "$ID"
	is "$status" 2
}

@test "--console-socket: one terminal, one message" {
	shell
	try_command "$TESTS/lib/pty.py" --console "$B/console" --size 15x45 --expect '# ' --send 'tty; stty size; exit\r' --expect '/dev/pts/0' --expect '15 45' \
		-- tare run -d --console-socket "$B/console" "$ID"
	[ "$status" -eq 0 ] || fail "$output" "$stderr"
}

@test "--console-socket in a long path" {
	local dir

	is_tare || skip "the others fail"
	shell 'echo ready; sleep 1000'
	dir=$B/$(printf 'x%.0s' {1..100})
	mkdir "$dir"
	cat >"$B/listen.py" <<-'END'
		import os, socket, subprocess, sys
		os.chdir(os.path.dirname(sys.argv[1]))
		listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
		listener.bind(os.path.basename(sys.argv[1]))
		listener.listen(1)
		status = subprocess.run(sys.argv[2:]).returncode
		connection, _ = listener.accept()
		_, fds, _, _ = socket.recv_fds(connection, 4096, 4)
		print(len(fds), os.isatty(fds[0]))
		sys.exit(status)
	END
	try_command /usr/bin/python3 "$B/listen.py" "$dir/console" tare run -d --bundle "$BUNDLE" --console-socket "$dir/console" "$ID"
	is "$status" 0
	is "$output" "1 True"
}

@test "--console-socket that nobody listens to, that is none" {
	shell
	fails 1 console run -d --console-socket "$B/nosuch" "$ID"
	no_trace "$ID"
	echo >"$B/file"
	fails 1 console run -d --console-socket "$B/file" "$ID"
	no_trace "$ID"
}

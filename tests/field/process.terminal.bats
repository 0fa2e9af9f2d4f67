# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/terminal, /process/consoleSize

load ../lib

# terminal SCRIPT STEP...: run SCRIPT in the foreground, on a pseudo terminal of ours
terminal() {
	script "$1" '.process.terminal = true'
	shift
	try_command "$TESTS/lib/pty.py" "$@" -- tare run "$ID"
	output=${output//$'\r'/}
}

@test "the three descriptors, /dev/tty and /dev/console are one terminal" {
	terminal 'tty; readlink /proc/self/fd/0; readlink /proc/self/fd/1; readlink /proc/self/fd/2
		echo to the tty >/dev/tty; echo to the console >/dev/console'
	is "$status" 0
	is "$output" $'/dev/pts/0\n/dev/pts/0\n/dev/pts/0\n/dev/pts/0\nto the tty\nto the console'
}

@test "it is the controlling terminal of a session of its own" {
	put tools/probe
	terminal 'exec probe session'
	is "$output" "pid 1 group 1 session 1 terminal"
}

@test "it belongs to the user" {
	config '.process.user = {uid: 1000, gid: 1000}'
	terminal 'stat -L -c "%u %a" /proc/self/fd/0; echo x >/dev/console && echo writable'
	is "$output" $'1000 620\nx\nwritable'
}

@test "the size is that of our terminal" {
	terminal 'stty size' --size 33x77
	is "$output" "33 77"
}

@test "consoleSize" {
	config '.process.consoleSize = {height: 21, width: 43}'
	script 'stty size' '.process.terminal = true'
	try_command "$TESTS/lib/pty.py" --console "$B/console" --run 'tare start $ID' --expect '21 43' -- \
		tare create --console-socket "$B/console" "$ID"
	[ "$status" -eq 0 ] || fail "exit status $status" "$output" "$stderr"
}

@test "consoleSize without a terminal is ignored" {
	inside 'tty' '.process.consoleSize = {height: 21, width: 43}' || :
	is "$output" "not a tty"
}

@test "no terminal: the descriptors are the caller's" {
	script 'tty; cat' '.process.terminal = false'
	echo "from a file" >"$B/in"
	STDIN=$B/in try run "$ID"
	is "$output" $'not a tty\nfrom a file'
}

@test "no terminal: there is no /dev/console" {
	inside '[ -e /dev/console ] || echo none'
	is "$output" none
}

@test "no terminal: none can be had from the caller's" {
	# CVE-2017-5226: TIOCSTI into the caller's terminal.
	put tools/probe
	program probe session
	try_command "$TESTS/lib/pty.py" -- tare run "$ID"
	is "${output//$'\r'/}" "pid 1 group 1 session 1 no terminal"
}

@test "create with a terminal needs a console socket" {
	cannot "--console-socket" '.process.terminal = true'
}

@test "a detached run with a terminal needs a console socket" {
	config '.process.terminal = true'
	try run -d "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "without a terminal a console socket is not connected to" {
	script 'sleep 100'
	is_tare || skip "runc refuses the option"
	# There is none: to connect would fail.
	ok create --console-socket "$B/nosuch" "$ID"
}

@test "wrong types" {
	refused /process/terminal "" '.process.terminal = "true"'
	refused /process/consoleSize/height "" '.process.terminal = false | .process.consoleSize = {height: "1", width: 1}'
	refused /process/consoleSize/width "" '.process.consoleSize = {height: 1, width: -1}'
	refused "/process/consoleSize(/width)?" width '.process.consoleSize = {height: 1}'
}

# SPDX-License-Identifier: Apache-2.0
# log.bats - --log, --log-format, --log-level: one record for one failure. No container.
load ../lib

setup() {
	B=$BATS_TEST_TMPDIR ROOT=$B/root VIEW=
	mkdir "$ROOT"
	cd "$B" || return
}
teardown() { :; }

@test "an error is one JSON object in the file, and one line on stderr" {
	fails 1 "tare: " --log log --log-format json state nosuch
	is "$(wc -l <log)" 1
	is "$(jq -r .level log)" error
	has "$(jq -r .msg log)" "container does not exist"
	is "tare: $(jq -r .msg log)" "${stderr%%$'\n'*}"
	is "hint: $(jq -r .hint log)" "${stderr##*$'\n'}"
	is "$(jq -r .kind log)" state
	is "$(jq -r .errno log)" ENOENT
	matches "$(jq -r .time log)" '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z$'
	age=$(($(date +%s) - $(date -d "$(jq -r .time log)" +%s)))
	[ "$age" -ge 0 ] && [ "$age" -lt 60 ]
}

@test "a wrong command line is recorded as well" {
	fails 1 "unknown option '--nonsense'" --log log --log-format json create --nonsense
	is "$(jq -r .kind log)" usage
	fails 1 "unknown command 'nosuch'" --log log --log-format json nosuch
	is "$(jq -r .msg log | tail -n 1)" "unknown command 'nosuch'"
	is "$(wc -l <log)" 2
}

@test "a mistake in config.json is recorded with pointer and line" {
	mkdir b
	printf '{\n  "ociVersion": "1.3.0",\n  "hostname": 5\n}\n' >b/config.json
	fails 1 "/hostname" --log log --log-format json create --bundle b c
	is "$(jq -r .field log)" /hostname
	is "$(jq -r .file log)" config.json
	is "$(jq -r .line log)" 3
	is "$(jq -r .kind log)" config
}

@test "the file is appended to, created 0644, and not made without a failure" {
	echo before >log
	fails 1 "" --log log state nosuch
	is "$(head -n 1 log)" before
	is "$(wc -l <log)" 2
	fails 1 "" --log other state nosuch
	is "$(stat -c %a other)" "$(printf %o $((0644 & ~$(umask))))"
	ok --log third list
	[ ! -e third ]
}

@test "the text format is one line of key and value" {
	fails 1 "" --log log --log-format=text state nosuch
	is "$(wc -l <log)" 1
	matches "$(cat log)" '^time="[^"]+" level=error msg=".*container does not exist"$'
}

@test "bytes that are not text do not break the record" {
	fails 1 "" --log log --log-format json $'no\xffsuch\x1b\n'
	is "$(wc -l <log)" 1
	jq -e .msg log
	lacks "$stderr" $'\x1b'
	has "$stderr" '\x1b'
}

@test "warnings go to stderr, and to the file only with a level" {
	ok --log log --criu x list -q
	[ ! -e log ]
	has "$stderr" "tare: warning: --criu"
	ok --log log --log-level warning --criu x list -q
	is "$stderr" ""
	is "$(grep -c level=warning log)" 1
	ok --log-level error --criu x list -q
	is "$stderr" ""
}

@test "a log that cannot be written is said, and the error still is" {
	fails 1 "container does not exist" --log /nonexistent/log state nosuch
	has "$stderr" "tare: write log '/nonexistent/log': ENOENT"
	mkfifo fifo
	LIMIT=5 fails 1 "container does not exist" --log fifo state nosuch
	has "$stderr" "ENXIO"
}

# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare list

load ../lib

@test "nothing there: an empty table, [], nothing" {
	is_tare || skip "the others differ"
	mkdir "$ROOT"
	ok list
	is "$(wc -l <<<"$output")" 1
	has "$output" "ID"
	ok list -f json
	is "$output" "[]"
	ok list -q
	is "$output" ""
	is "$stderr" ""
}

@test "a --root that is missing is an error, the default one is empty" {
	is_tare || skip "the others differ"
	fails 1 "nosuch" --root "$B/nosuch" list
	try_command unshare --mount sh -c 'mount -t tmpfs t /run && exec "$RUNTIME" list -f json'
	is "$status" 0
	is "$output" "[]"
}

@test "the table" {
	up
	program true
	ok run -d "$ID2"
	wait_status "$ID2" stopped
	ok list
	matches "$(head -n 1 <<<"$output")" '^ID +PID +STATUS +BUNDLE +CREATED +OWNER *$'
	matches "$(grep "^$ID " <<<"$output")" "^$ID +$(pid_of "$ID") +running +$BUNDLE +20[^ ]* +root *$"
	matches "$(grep "^$ID2 " <<<"$output")" "^$ID2 +0 +stopped +$BUNDLE +20[^ ]* +root *$"
}

@test "json: an array, each as state has it" {
	up
	ok list -f json
	is "$(wc -l <<<"$output")" 1
	is "$(jq -r '.[0].id' <<<"$output")" "$ID"
	is "$(jq -r '.[0].status' <<<"$output")" running
	is "$(jq -r '.[0].pid' <<<"$output")" "$(pid_of "$ID")"
	is "$(jq -r '.[0].owner' <<<"$output")" root
	ok list --format=json
	is "$(jq length <<<"$output")" 1
}

@test "quiet: ids, in order" {
	program sleep 1000
	for id in c a b; do ok create "$PREFIX$id"; done
	ok list -q
	is "$output" "${PREFIX}a"$'\n'"${PREFIX}b"$'\n'"${PREFIX}c"
	ok list --quiet
	is "$(wc -l <<<"$output")" 3
}

@test "what cannot be read is passed over" {
	is_tare || skip "about tare"
	up
	mkdir "$ROOT/${PREFIX}broken" "$ROOT/${PREFIX}empty" "$ROOT/not an id"
	echo '{' >"$ROOT/${PREFIX}broken/state.json"
	echo x >"$ROOT/file"
	ok list -q
	has "$output" "$ID"
	has "$stderr" broken
	ok list -f json
	has "$(jq -r '.[].id' <<<"$output")" "$ID"
	rm -r "$ROOT/file" "$ROOT/not an id" "$ROOT/${PREFIX}broken"
}

@test "while containers come and go" {
	local i

	program true
	for i in 1 2 3; do
		(for _ in 1 2 3 4 5 6; do tare run "$PREFIX$i" </dev/null >/dev/null 2>&1 3>&- 4>&- || :; done) 3>&- 4>&- &
	done
	for _ in $(seq 15); do
		ok list -f json
		jq -e 'type == "array"' <<<"$output" >/dev/null
	done
	wait
}

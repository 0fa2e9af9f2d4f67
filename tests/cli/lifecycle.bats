# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# The commands one after another, as engines run them

load ../lib

@test "create, start, exec, kill, delete: nothing is left" {
	local view

	for view in hybrid v1 v2; do
		[ $view != v1 ] || has_v1 memory || continue
		[ $view != v2 ] || has_v2 || continue
		VIEW=$view
		script 'trap "exit 3" TERM; while :; do sleep 0.05; done'
		ok create --pid-file "$B/pid" "$ID"
		ok state "$ID"
		ok start "$ID"
		ok exec "$ID" true
		ok kill "$ID" TERM
		wait_status "$ID" stopped
		ok delete "$ID"
		no_trace "$ID"
		[ -z "$(ls -A "$ROOT")" ]
	done
}

@test "twenty lives of one id" {
	program true
	for _ in $(seq 20); do
		ok create "$ID"
		ok start "$ID"
		until_true 5 has_status "$ID" stopped
		ok delete "$ID"
	done
}

@test "random operations of four at once: no crash, no hang, all can be deleted" {
	local i end

	script 'sleep 1000'
	for i in 1 2 3 4; do
		(
			end=$((SECONDS + 4))
			RANDOM=$i
			while [ $SECONDS -lt $end ]; do
				case $((RANDOM % 9)) in
				0) timeout 15 tare create "$ID" ;;
				1) timeout 15 tare start "$ID" ;;
				2) timeout 15 tare state "$ID" ;;
				3) timeout 15 tare kill "$ID" KILL ;;
				4) timeout 15 tare delete "$ID" ;;
				5) timeout 15 tare delete --force "$ID" ;;
				6) timeout 15 tare exec "$ID" true ;;
				7) timeout 15 tare pause "$ID" ;;
				8) timeout 15 tare resume "$ID" ;;
				esac
				rc=$?
				[ $rc -lt 124 ] || [ $rc -eq 137 ] || [ $rc -eq 255 ] || echo "status $rc" >>"$B/bad"
			done
		) </dev/null >>"$B/log.$i" 2>&1 3>&- 4>&- &
	done
	wait
	[ ! -e "$B/bad" ] || fail "$(cat "$B/bad")" "$(tail -n 5 "$B"/log.*)"
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "many containers, deleted in one go" {
	local i

	program sleep 1000
	for i in $(seq 15); do ok run -d "$PREFIX$i"; done
	ok list -q
	is "$(wc -l <<<"$output")" 15
	for i in $(seq 15); do tare delete --force "$PREFIX$i" 3>&- 4>&- & done
	wait
	ok list -q
	is "$output" ""
}

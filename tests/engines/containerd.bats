# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# containerd and its shim drive the runtime: offline, in private namespaces (lib/engines).
# `ctr run` of 1.6 never closes the container's standard input.

load ../lib
load ../lib/engines

IMAGE=localhost/busybox:latest

setup_file() {
	command -v containerd || skip "containerd is not installed"
	start_engines
	engine containerd --config /run/containerd-test/config.toml \
		</dev/null >"$BATS_FILE_TMPDIR/containerd.log" 2>&1 3>&- 4>&- &
	until_true 20 answers
	engine ctr image import "$BATS_FILE_TMPDIR/image.tar"
}
answers() { engine ctr version >/dev/null 2>&1; }
teardown_file() { stop_engines; }

setup() {
	tare_setup
	# The name of a container of this test.
	C=c$BATS_TEST_NUMBER
}

teardown() {
	local c

	for c in $(engine ctr task ls -q); do
		engine ctr task kill -s KILL --all "$c" || :
		until_true 5 no_task "$c" || :
		engine ctr task delete -f "$c" >/dev/null 2>&1 || :
	done
	for c in $(engine ctr container ls -q); do
		engine ctr container delete "$c"
	done
	until_true 5 no_shim
	nothing_left /run/containerd/runc/default default
	tare_teardown
}
no_shim() { ! engine pgrep -x containerd-shim >/dev/null; }
task_status() { engine ctr task ls | awk -v c="$1" '$1 == c { print $3 }'; }
is_task() { [ "$(task_status "$1")" = "$2" ]; }
no_task() { [ "$(task_status "$1")" != RUNNING ]; }

run_ctr() { in_engine ctr run --runc-binary "$RUNTIME" "$@"; }
ctr_ok() {
	run_ctr "$@"
	[ "$status" -eq 0 ] || fail "exit status $status: ctr run $*" "$output" "$stderr"
}

@test "run: output, error output and exit status" {
	run_ctr --rm $IMAGE $C sh -c 'echo out; echo err >&2; exit 7'
	is "$status" 7
	is "$output" out
	is "$stderr" err
}

@test "run: the exit status of a signal" {
	run_ctr --rm --with-ns pid:/proc/self/ns/pid $IMAGE $C sh -c 'kill -9 $$'
	is "$status" 137
}

@test "run: a terminal" {
	on_terminal --size 11x44 --expect '# ' --send 'sized 11 44\r' --expect 'is 11 44' --send 'tty\r' --expect /dev/ \
		--send 'exit 5\r' -- ctr run --rm --tty --runc-binary "$RUNTIME" $IMAGE $C sh
	is "$status" 5
}

@test "run: a command that is not there" {
	run_ctr --rm $IMAGE $C nosuch
	is "$status" 1
	has "$stderr" 'exec: "nosuch": executable file not found in $PATH'
}

@test "run: a file that cannot be executed" {
	run_ctr --rm $IMAGE $C /etc/passwd
	is "$status" 1
	has "$stderr" 'permission denied'
}

@test "run, exec, kill, delete" {
	ctr_ok -d $IMAGE $C sleep 100
	is "$(task_status $C)" RUNNING
	in_engine ctr task exec --exec-id e1 $C sh -c 'echo in exec; exit 9'
	is "$status" 9
	is "$output" "in exec"
	works ctr task kill -s TERM $C
	sleep 0.2
	works ctr task kill -s KILL $C
	until_true 5 is_task $C STOPPED
	works ctr task delete $C
	works ctr container delete $C
}

@test "the id is free again after delete" {
	ctr_ok --rm $IMAGE $C true
	ctr_ok --rm $IMAGE $C true
}

@test "exec: a terminal" {
	ctr_ok -d $IMAGE $C sleep 100
	on_terminal --size 13x66 --expect '# ' --send 'sized 13 66\r' --expect 'is 13 66' --send 'exit 4\r' \
		-- ctr task exec --tty --exec-id e1 $C sh
	is "$status" 4
}

@test "exec: a command that is not there" {
	ctr_ok -d $IMAGE $C sleep 100
	in_engine ctr task exec --exec-id e1 $C nosuch
	is "$status" 1
	has "$stderr" 'executable file not found in $PATH'
}

@test "exec: the id can be used again" {
	ctr_ok -d $IMAGE $C sleep 100
	works ctr task exec --exec-id e1 $C true
	works ctr task exec --exec-id e1 $C true
}

@test "kill: a signal number, and of a stopped task" {
	ctr_ok -d $IMAGE $C sh -c 'trap "exit 3" USR1; while :; do sleep 0.1; done'
	sleep 0.3
	works ctr task kill -s SIGUSR1 $C
	until_true 5 is_task $C STOPPED
	in_engine ctr task kill -s KILL $C
	# The shim says not found, and that is what ctr shows.
	has "$stderr" "not found"
	in_engine ctr task delete $C
	has "$stderr" "exit code 3"
}

@test "kill --all with the host's processes ends them all" {
	ctr_ok -d --with-ns pid:/proc/self/ns/pid $IMAGE $C sh -c 'sleep 100 & sleep 100; :'
	sleep 0.2
	works ctr task kill --all -s KILL $C
	until_true 5 is_task $C STOPPED
	works ctr task delete -f $C
}

@test "pause and resume" {
	ctr_ok -d $IMAGE $C sleep 100
	works ctr task pause $C
	is "$(task_status $C)" PAUSED
	works ctr task resume $C
	is "$(task_status $C)" RUNNING
}

@test "ps" {
	ctr_ok -d $IMAGE $C sh -c 'sleep 100 & sleep 100; :'
	sleep 0.2
	works ctr task ps $C
	is "$(tail -n +2 <<<"$output" | wc -l)" 3
}

@test "metrics: containerd finds the cgroup" {
	ctr_ok -d --memory-limit 67108864 $IMAGE $C sleep 100
	works ctr task metrics $C
	has "$output" 67108864
}

@test "limits are in force" {
	need_v1 memory
	ctr_ok --rm --memory-limit 67108864 --cpus 0.5 --mount type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro $IMAGE $C sh -c '
		cat /sys/fs/cgroup/memory/memory.limit_in_bytes; cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us'
	is "$output" $'67108864\n50000'
}

@test "seccomp" {
	ctr_ok --rm --seccomp $IMAGE $C grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status
	is "$output" $'NoNewPrivs:\t1\nSeccomp:\t2'
}

@test "mounts and read-only root" {
	mkdir "$B/dir"
	echo "from the host" >"$B/dir/file"
	ctr_ok --rm --read-only --mount "type=bind,src=$B/dir,dst=/mnt,options=rbind:ro" $IMAGE $C sh -c '
		cat /mnt/file; echo x 2>/dev/null >/x || echo root; echo x 2>/dev/null >/mnt/x || echo mount'
	is "$output" $'from the host\nroot\nmount'
}

@test "privileged" {
	ctr_ok --rm --privileged $IMAGE $C sh -c 'mount -t tmpfs tmpfs /mnt && grep -c " /mnt " /proc/mounts'
	is "$output" 1
}

@test "joined network namespace, and the host's" {
	engine ip netns add "$C"
	ctr_ok --rm --with-ns "network:/run/netns/$C" $IMAGE $C readlink /proc/self/ns/net
	is "$output" "$(engine ip netns exec "$C" readlink /proc/self/ns/net)"
	ctr_ok --rm --net-host $IMAGE $C readlink /proc/self/ns/net
	is "$output" "$(engine readlink /proc/self/ns/net)"
	engine ip netns delete "$C"
}

@test "eight containers at once" {
	local i

	for i in 1 2 3 4 5 6 7 8; do
		engine ctr run --rm --runc-binary "$RUNTIME" $IMAGE "$C-$i" echo "$i" \
			</dev/null >"$B/out.$i" 2>&1 3>&- 4>&- &
	done
	wait
	is "$(cat "$B"/out.* | sort | tr -d '\n')" 12345678
}

@test "the shim is killed: its binary cleans up" {
	ctr_ok -d $IMAGE $C sleep 100
	engine sh -c 'kill -9 $(pgrep -x containerd-shim)'
	gone_in_containerd() { [ -z "$(engine ctr task ls -q)" ]; }
	until_true 10 gone_in_containerd
}

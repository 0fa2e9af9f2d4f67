# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# podman drives the runtime: offline, in private namespaces (lib/engines).

load ../lib
load ../lib/engines

IMAGE=localhost/busybox

setup_file() {
	command -v podman || skip "podman is not installed"
	start_engines
	engine podman load -q -i "$BATS_FILE_TMPDIR/image.tar"
}
teardown_file() { stop_engines; }

setup() {
	tare_setup
	# The name of a container of this test.
	C=c$BATS_TEST_NUMBER
}

teardown() {
	engine podman rm -f -t 0 -a >/dev/null || :
	nothing_left "/run/${RUNTIME##*/}" libpod_parent
	lacks "$(engine cat /proc/self/mountinfo)" /merged
	tare_teardown
}

pod() { in_engine podman --runtime "$RUNTIME" "$@"; }
pod_ok() { works podman --runtime "$RUNTIME" "$@"; }
status_in_podman() { engine podman inspect --format '{{.State.Status}}' "$1"; }
is_status_in_podman() { [ "$(status_in_podman "$1")" = "$2" ]; }

@test "run: output, error output and exit status" {
	pod run --rm $IMAGE sh -c 'echo out; echo err >&2; exit 7'
	is "$status" 7
	is "$output" out
	is "$stderr" err
}

@test "run: the runtime in use is the one under test" {
	pod_ok run -d --name $C $IMAGE sleep 100
	works podman inspect --format '{{.OCIRuntime}}' $C
	is "$output" "$RUNTIME"
	works podman inspect --format '{{.State.Pid}}' $C
	isnt "$output" 0
}

@test "run: a signal's exit status" {
	# The host's processes: pid 1 of its own cannot kill itself.
	pod run --rm --pid host $IMAGE sh -c 'kill -9 $$'
	is "$status" 137
}

@test "run: standard input reaches the program" {
	echo "through the pipe" >"$B/in"
	STDIN=$B/in pod_ok run --rm -i $IMAGE cat
	is "$output" "through the pipe"
}

@test "run: a megabyte of output arrives whole" {
	pod_ok run --rm $IMAGE sh -c 'yes 0123456 | head -c 1048576 | md5sum'
	is "$output" "$(yes 0123456 | head -c 1048576 | md5sum)"
	pod_ok run --rm $IMAGE sh -c 'yes 0123456 | head -c 1048576'
	is "${#output}" 1048575 # without the last line end
}

@test "run -it: a terminal of the right size, that can be resized" {
	on_terminal --size 11x44 --expect '# ' --send 'sized 11 44\r' --expect 'is 11 44' --send 'tty\r' --expect /dev/pts/0 --size 12x55 --send 'sized 12 55\r' --expect 'is 12 55' \
		--send 'exit 5\r' --restored -- podman --runtime "$RUNTIME" run --rm -it $IMAGE sh
	[ "$status" -eq 5 ] || fail "exit status $status" "$output" "$stderr"
}

@test "run: a command that is not there is 127" {
	pod run --rm $IMAGE nosuch
	is "$status" 127
	has "$stderr" 'executable file not found in $PATH'
	lacks "$stderr" "oci-log" # podman has read the message, not looked in vain
}

@test "run: a path that is not there is 127" {
	pod run --rm $IMAGE /nosuch/program
	is "$status" 127
	has "$stderr" 'no such file or directory'
}

@test "run: a file that cannot be executed is 126" {
	pod run --rm $IMAGE /etc/passwd
	is "$status" 126
	has "$stderr" 'permission denied'
}

@test "run: a directory is 126 or 127" {
	pod run --rm $IMAGE /etc
	matches "$status" '^12[67]$'
}

@test "exec: output, exit status, user, environment, directory" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod exec $C sh -c 'echo in exec; exit 9'
	is "$status" 9
	is "$output" "in exec"
	pod_ok exec -u 1000:1001 -e NAME=value -w /tmp $C sh -c 'id -u; id -g; echo $NAME; pwd'
	is "$output" $'1000\n1001\nvalue\n/tmp'
}

@test "exec: input through a pipe" {
	pod_ok run -d --name $C $IMAGE sleep 100
	echo hello >"$B/in"
	STDIN=$B/in pod_ok exec -i $C cat
	is "$output" hello
}

@test "exec: a command that is not there is 127" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod exec $C nosuch
	is "$status" 127
	has "$stderr" 'executable file not found in $PATH'
}

@test "exec -it: a terminal" {
	pod_ok run -d --name $C $IMAGE sleep 100
	on_terminal --size 13x66 --expect '# ' --send 'sized 13 66\r' --expect 'is 13 66' --send 'exit 4\r' \
		--restored -- podman --runtime "$RUNTIME" exec -it $C sh
	is "$status" 4
}

@test "exec -d goes on in the background" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod_ok exec -d $C sh -c 'echo done >/tmp/file; sleep 100'
	until_true 5 engine podman --runtime "$RUNTIME" exec $C test -s /tmp/file
}

@test "stop: the program's own handler decides the exit status" {
	pod_ok run -d --name $C $IMAGE sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
	until_true 5 is_status_in_podman $C running
	pod_ok stop -t 5 $C
	works podman inspect --format '{{.State.ExitCode}} {{.State.Status}}' $C
	is "$output" "3 exited"
	pod_ok rm $C
}

@test "stop: a program that does not listen is killed" {
	pod_ok run -d --name $C $IMAGE sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	pod_ok stop -t 1 $C
	works podman inspect --format '{{.State.ExitCode}}' $C
	is "$output" 137
}

@test "rm refuses a running container, rm -f does not" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod rm $C
	isnt "$status" 0
	pod_ok rm -f -t 0 $C
	pod ps -a -q
	is "$output" ""
}

@test "create, start, kill, start again" {
	pod_ok create --name $C $IMAGE sleep 100
	pod_ok start $C
	is "$(status_in_podman $C)" running
	pod_ok kill -s KILL $C
	until_true 5 is_status_in_podman $C exited
	pod_ok start $C
	is "$(status_in_podman $C)" running
}

@test "start --attach gives the exit status" {
	pod_ok create --name $C $IMAGE sh -c 'echo attached; exit 6'
	pod start --attach $C
	is "$status" 6
	is "$output" attached
}

@test "pause and unpause" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod_ok pause $C
	is "$(status_in_podman $C)" paused
	pod_ok unpause $C
	is "$(status_in_podman $C)" running
}

@test "logs" {
	pod_ok run -d --name $C $IMAGE sh -c 'echo to the log; sleep 100'
	in_log() { has "$(engine podman logs $C 2>&1)" "to the log" 2>/dev/null; }
	until_true 5 in_log
}

@test "memory, cpu and pids limits are in force" {
	need_v1 memory
	pod_ok run --rm --memory 64m --cpus 0.5 --pids-limit 32 $IMAGE sh -c '
		cat /sys/fs/cgroup/memory/memory.limit_in_bytes
		cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us
		cat /sys/fs/cgroup/pids/pids.max'
	is "$output" $'67108864\n50000\n32'
}

@test "volume, tmpfs, read-only root" {
	echo "from the host" >"$B/file"
	pod_ok run --rm --read-only -v "$B/file:/file:ro" --tmpfs /scratch $IMAGE sh -c '
		cat /file; echo x >/scratch/x && echo tmpfs; echo x 2>/dev/null >/x || echo root
		echo x 2>/dev/null >/file || echo volume'
	is "$output" $'from the host\ntmpfs\nroot\nvolume'
}

@test "capabilities and no-new-privileges" {
	pod_ok run --rm --cap-drop ALL --cap-add NET_ADMIN --security-opt no-new-privileges $IMAGE \
		grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
	is "$output" $'CapEff:\t0000000000001000\nNoNewPrivs:\t1'
}

@test "devices" {
	pod_ok run --rm --device /dev/zero:/dev/myzero:r $IMAGE sh -c 'head -c 3 /dev/myzero | od -An -tx1'
	is "$output" " 00 00 00"
}

@test "a user namespace" {
	pod_ok run --rm --uidmap 0:100000:65536 $IMAGE sh -c 'id -u; cat /proc/self/uid_map | tr -s " "'
	is "$output" $'0\n 0 100000 65536'
}

@test "the host's namespaces" {
	pod_ok run --rm --pid host --network host --ipc host --uts host $IMAGE sh -c 'hostname; ls /proc/self/ns/net'
	has "$output" engine
}

@test "the network of another container" {
	pod_ok run -d --name $C $IMAGE sleep 100
	pod_ok run --rm --network container:$C $IMAGE readlink /proc/self/ns/net
	is "$output" "$(engine podman --runtime "$RUNTIME" exec $C readlink /proc/self/ns/net)"
}

@test "privileged" {
	pod_ok run --rm --privileged $IMAGE sh -c 'mount -t tmpfs tmpfs /mnt && grep -c " /mnt " /proc/mounts'
	is "$output" 1
}

@test "hostname, environment, working directory, user" {
	pod_ok run --rm --hostname web -e NAME=value -w /tmp -u 1000:1001 $IMAGE sh -c 'hostname; echo $NAME; pwd; id -u; id -g'
	is "$output" $'web\nvalue\n/tmp\n1000\n1001'
}

@test "eight containers at once" {
	local i n

	for i in 1 2 3 4 5 6 7 8; do
		engine podman --runtime "$RUNTIME" run --rm $IMAGE echo "$i" >"$B/out.$i" 3>&- 4>&- &
	done
	wait
	n=$(cat "$B"/out.* | sort | tr -d '\n')
	is "$n" 12345678
}

@test "no cgroups at all" {
	is_tare || skip "only crun and tare"
	# podman knows this by the name of the runtime, not by a path.
	works podman --runtime tare run --rm --cgroups=disabled $IMAGE echo hi
	is "$output" hi
}

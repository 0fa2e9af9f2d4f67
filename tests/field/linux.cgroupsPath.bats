# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/cgroupsPath

load ../lib

# joined CONTROLLER PATH: init is in that cgroup
joined() {
	local pid

	pid=$(pid_of "$ID")
	has "$(grep -E ":(.*,)?$1(,.*)?:" "/proc/$pid/cgroup")" ":$2"
}

@test "absolute: below the root of each hierarchy" {
	need_v1 memory
	up ".linux.cgroupsPath = \"/$ID-top/below\""
	joined memory "/$ID-top/below"
	joined devices "/$ID-top/below"
	joined freezer "/$ID-top/below"
	joined pids "/$ID-top/below"
	ok delete --force "$ID"
	is "$(cgroups_of "$ID-top")" ""
}

@test "relative: below /tare, not below the caller's own" {
	is_tare || skip "where it is the runtime's own choice"
	need_v1 memory
	up ".linux.cgroupsPath = \"$ID-sub/below\""
	joined memory "/tare/$ID-sub/below"
	ok delete --force "$ID"
	is "$(cgroups_of "$ID-sub")" ""
}

@test "absent: /tare/ID" {
	is_tare || skip "where it is the runtime's own choice"
	need_v1 memory
	up 'del(.linux.cgroupsPath)'
	joined memory "/tare/$ID"
	ok delete --force "$ID"
	until_true 5 no_empty_parent
}

# A parent that tare has made goes with its last child; it may have others' just now.
no_empty_parent() {
	[ ! -d /sys/fs/cgroup/memory/tare ] || [ -n "$(find /sys/fs/cgroup/memory/tare -mindepth 1 -type d)" ]
}

@test "hybrid: the v2 cgroup is made and joined, too" {
	has_v1 memory && has_v2 || skip "not a hybrid machine"
	is_tare || skip "where it is the runtime's own choice"
	up
	has "$(cat "/proc/$(pid_of "$ID")/cgroup")" "0::/tare/$ID"
}

@test "v2 alone" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	up ".linux.cgroupsPath = \"/$ID-top/below\""
	has "$(cat "/proc/$(VIEW='' pid_of "$ID")/cgroup")" "0::/$ID-top/below"
	ok delete --force "$ID"
	is "$(cgroups_of "$ID-top")" ""
}

@test "v1: only the controllers that are needed" {
	is_tare || skip "the others join all"
	need_v1 cpuset
	up 'del(.linux.resources.cpu)'
	[ ! -d "$(v1_dir cpuset)" ]
}

@test "a directory that was there before stays" {
	need_v1 memory
	mkdir -p "/sys/fs/cgroup/memory/$ID-mine"
	up ".linux.cgroupsPath = \"/$ID-mine/below\""
	ok delete --force "$ID"
	[ -d "/sys/fs/cgroup/memory/$ID-mine" ]
	[ ! -d "/sys/fs/cgroup/memory/$ID-mine/below" ]
	rmdir "/sys/fs/cgroup/memory/$ID-mine"
}

@test "cgroups made by the container go, too" {
	need_v1 memory
	has_v2 || skip "no cgroup2 mount"
	up
	mkdir -p "$(v1_dir memory)/one/two" "$(v2_dir)/three"
	ok delete --force "$ID"
	is "$(cgroups_of "$ID")" ""
}

@test "processes that were moved to a cgroup below are killed" {
	need_v1 memory
	is_tare || skip "not the others, of that age"
	without pid
	script 'sleep 1000 & sleep 1000; :'
	ok run -d "$ID"
	mkdir "$(v1_dir memory)/below" "$(v1_dir freezer)/below"
	for child in $(pgrep -P "$(pid_of "$ID")"); do
		echo "$child" >"$(v1_dir memory)/below/tasks"
		echo "$child" >"$(v1_dir freezer)/below/tasks"
	done
	ok delete --force "$ID"
	is "$(cgroups_of "$ID")" ""
	wait_gone "$child"
}

@test "a frozen cgroup is refused, not waited in" {
	need_v1 freezer
	mkdir -p "/sys/fs/cgroup/freezer/$ID-frozen"
	echo FROZEN >"/sys/fs/cgroup/freezer/$ID-frozen/freezer.state"
	script true ".linux.cgroupsPath = \"/$ID-frozen/below\""
	LIMIT=10 try create "$ID"
	echo THAWED >"/sys/fs/cgroup/freezer/$ID-frozen/freezer.state"
	isnt "$status" 0
	rmdir "/sys/fs/cgroup/freezer/$ID-frozen"
	no_trace "$ID"
	! is_tare || has "$stderr" /linux/cgroupsPath
}

@test "v2: a frozen cgroup is refused, not waited in" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	mkdir -p "$(v2_root)/$ID-frozen"
	echo 1 >"$(v2_root)/$ID-frozen/cgroup.freeze"
	script true ".linux.cgroupsPath = \"/$ID-frozen/below\""
	LIMIT=10 try create "$ID"
	echo 0 >"$(v2_root)/$ID-frozen/cgroup.freeze"
	isnt "$status" 0
	rmdir "$(v2_root)/$ID-frozen"
	no_trace "$ID"
	! is_tare || has "$stderr" /linux/cgroupsPath
}

@test "a cgroup with processes in it is refused" {
	is_tare || skip "the others warn, or do not look"
	need_v1 memory
	mkdir -p "/sys/fs/cgroup/memory/$ID-full" "/sys/fs/cgroup/pids/$ID-full"
	sleep 1000 3>&- 4>&- &
	echo $! >"/sys/fs/cgroup/memory/$ID-full/tasks"
	echo $! >"/sys/fs/cgroup/pids/$ID-full/tasks"
	script true ".linux.cgroupsPath = \"/$ID-full\""
	try create "$ID"
	kill $!
	wait $! || :
	isnt "$status" 0
	[ ! -e "$ROOT/$ID" ]
	has "$stderr" /linux/cgroupsPath
	rmdir "/sys/fs/cgroup/memory/$ID-full" "/sys/fs/cgroup/pids/$ID-full"
}

@test "a path that leaves the hierarchy" {
	is_tare || skip "the others clean it"
	refused /linux/cgroupsPath "" '.linux.cgroupsPath = "../../x"'
	refused /linux/cgroupsPath "" '.linux.cgroupsPath = "/a/../../x"'
	refused /linux/cgroupsPath "" '.linux.cgroupsPath = 5'
	refused /linux/cgroupsPath "" '.linux.cgroupsPath = "/a\u0000b"'
}

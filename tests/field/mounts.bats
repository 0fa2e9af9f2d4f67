# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /mounts: destination, type, source, options

load ../lib

# mount_add JQ-OBJECT: one mount more; $b is the directory of the test
mount_add() { config --arg b "$B" ".mounts += [$1]"; }

# flags OPTIONS: the mount flags of a bind mount with those options
flags() {
	mkdir -p "$B/data"
	config --arg s "$B/data" ".mounts |= map(select(.destination != \"/data\"))
		| .mounts += [{destination: \"/data\", type: \"bind\", source: \$s, options: [\"bind\", $1]}]"
	inside 'grep " /data " /proc/self/mountinfo | cut -d" " -f6'
}

@test "each flag of a bind mount" {
	local option

	for option in ro nosuid nodev noexec noatime nodiratime relatime; do
		flags "\"$option\""
		has ",$output," ",$option,"
	done
	flags '"strictatime"'
	lacks "$output" atime
	is_tare || return 0
	flags '"nosymfollow"'
	has ",$output," ",nosymfollow,"
}

@test "each flag's opposite clears it, the last word counts" {
	flags '"ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "nodiratime", "diratime"'
	is "$output" rw,relatime
	flags '"rw", "ro"'
	has ",$output," ",ro,"
	is_tare || return 0
	flags '"nosymfollow", "symfollow", "ro", "defaults"'
	is "$output" rw,relatime
	flags '"noatime", "atime"'
	lacks "$output" noatime
	flags '"strictatime", "nostrictatime"'
	has "$output" relatime
	flags '"noatime", "norelatime"'
	has "$output" noatime
}

# A host mount with flags set: a bind can clear them.
@test "flags of the source mount can be cleared" {
	script 'grep " /data " /proc/self/mountinfo | cut -d" " -f6'
	config --arg s "$B/data" '.mounts += [{destination: "/data", type: "bind", source: $s, options: ["bind", "suid", "dev", "exec", "rw"]}]'
	mkdir "$B/data"
	try_command unshare --mount sh -c 'mount -t tmpfs -o nosuid,nodev,noexec,ro t "$1" && exec tare run "$2"' sh "$B/data" "$ID"
	is "$status" 0
	matches "$output" '^rw(,relatime)?$'
}

@test "read-only is in force, and the source stays writable" {
	mkdir "$B/data"
	echo data >"$B/data/file"
	mount_add '{destination: "/data", type: "none", source: ($b + "/data"), options: ["rbind", "ro"]}'
	inside 'cat /data/file; echo x 2>/dev/null >/data/file || echo refused'
	is "$output" $'data\nrefused'
	echo more >"$B/data/file"
}

# nested OPTIONS: /data is a mount with another below it; prints the flags of both
nested() {
	mkdir -p "$B/data"
	config --arg s "$B/data" ".mounts |= map(select(.destination != \"/data\"))
		| .mounts += [{destination: \"/data\", type: \"bind\", source: \$s, options: [$1]}]"
	script 'grep " /data" /proc/self/mountinfo | cut -d" " -f6'
	try_command unshare --mount sh -c 'mount -t tmpfs t "$1" && mkdir "$1/below" && mount -t tmpfs t "$1/below" && exec tare run "$2"' sh "$B/data" "$ID"
	[ "$status" -eq 0 ] || fail "$stderr"
}

@test "bind takes one mount, rbind all below" {
	nested '"bind"'
	is "$output" rw,relatime
	nested '"rbind"'
	is "$output" $'rw,relatime\nrw,relatime'
}

@test "a flag is for the mount, a flag with r for all below" {
	local option

	nested '"rbind", "ro"'
	is "$output" $'ro,relatime\nrw,relatime'
	is_tare || skip "runtimes of that age have no recursive flags"
	nested '"rbind", "rro"'
	is "$output" $'ro,relatime\nro,relatime'
	for option in nosuid nodev noexec nodiratime noatime nosymfollow; do
		nested "\"rbind\", \"r$option\""
		is "$(grep -c ",$option\\b" <<<"$output")" 2
	done
	nested '"rbind", "rnosuid", "rsuid", "rro", "rrw", "rnoatime", "rrelatime"'
	is "$output" $'rw,relatime\nrw,relatime'
	nested '"rbind", "rstrictatime"'
	is "$output" $'rw\nrw'
}

@test "recursive flags on a file" {
	is_tare || skip "runtimes of that age have no recursive flags"
	echo data >"$B/file"
	mount_add '{destination: "/file", type: "bind", source: ($b + "/file"), options: ["bind", "rro"]}'
	inside 'cat /file; echo x 2>/dev/null >/file || echo refused'
	is "$output" $'data\nrefused'
}

@test "propagation: what the container sees of its mount" {
	local word want

	for word in private:'^$' rprivate:'^$' unbindable:'^unbindable $' runbindable:'^unbindable $' \
		slave:'^(master:[0-9]+ )?$' rslave:'^(master:[0-9]+ )?$' shared:'^shared:[0-9]+ ' rshared:'^shared:[0-9]+ '; do
		want=${word#*:} word=${word%%:*}
		mkdir -p "$B/data"
		config --arg s "$B/data" --arg w "$word" '.mounts |= map(select(.destination != "/data"))
			| .mounts += [{destination: "/data", type: "bind", source: $s, options: ["rbind", $w]}]'
		inside 'awk "\$5 == \"/data\" { for (i = 7; \$i != \"-\"; i++) printf \"%s \", \$i }" /proc/self/mountinfo'
		matches "$output" "$want"
	done
}

# later WORD: the source is shared on the host, which mounts on it while the container runs
later() {
	mkdir -p "$B/data"
	config --arg s "$B/data" --arg w "$1" '.mounts |= map(select(.destination != "/data"))
		| .mounts += [{destination: "/data", type: "bind", source: $s, options: ["rbind", $w]}]'
	script 'sleep 1000' '.linux.rootfsPropagation = "rslave"'
	# shellcheck disable=SC2016
	try_command unshare --mount sh -c 'mount -t tmpfs t "$1" && mount --make-shared "$1" && mkdir "$1/below" &&
		tare run -d "$ID" && mount -t tmpfs later "$1/below" && tare exec "$ID" grep -c " /data/below " /proc/self/mountinfo
		tare delete --force "$ID"' sh "$B/data"
}

@test "propagation: what the host mounts later" {
	later rprivate
	is "$output" 0
	later rslave
	is "$output" 1
	later rshared
	is "$output" 1
}

@test "propagation: what the container mounts does not come out of a slave" {
	mkdir -p "$B/data"
	config --arg s "$B/data" '.mounts += [{destination: "/data", type: "bind", source: $s, options: ["rbind", "rslave"]}]
		| .process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_SYS_ADMIN"]}) | add)'
	script 'mkdir /data/in && mount -t tmpfs inner /data/in && echo mounted'
	try_command unshare --mount sh -c 'mount -t tmpfs t "$1" && mount --make-shared "$1" && tare run "$2"; grep -c inner /proc/self/mountinfo' sh "$B/data" "$ID"
	is "$output" $'mounted\n0'
}

@test "tmpfs: size and mode" {
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["size=1m", "mode=1711", "nosuid", "noexec"]}'
	inside 'stat -c %a /scratch; df -k /scratch | tail -1 | tr -s " " | cut -d" " -f2; grep " /scratch " /proc/self/mountinfo | cut -d" " -f6,9'
	is "$output" $'1711\n1024\nrw,nosuid,noexec,relatime tmpfs'
}

@test "tmpfs: uid, gid, nr_inodes" {
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["uid=1000", "gid=1001", "nr_inodes=10"]}'
	inside 'stat -c "%u %g" /scratch; grep " /scratch " /proc/self/mountinfo'
	has "$output" "1000 1001"
	has "$output" "nr_inodes=10"
}

@test "tmpfs: without a mode, that of the directory below; and its owner's are not" {
	mkdir rootfs/scratch
	chmod 1750 rootfs/scratch
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs"}'
	inside 'stat -c %a /scratch'
	is "$output" 1750
}

@test "tmpfs: read-only" {
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["ro"]}'
	inside 'echo x 2>/dev/null >/scratch/x || echo refused'
	is "$output" refused
}

@test "tmpfs: sync, dirsync, lazytime of the file system" {
	is_tare || skip "crun and runc differ"
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["sync", "dirsync"]}'
	inside 'grep " /scratch " /proc/self/mountinfo | sed "s/.* - //"'
	matches "$output" 'sync.*dirsync|dirsync.*sync'
	config '.mounts[-1].options = ["sync", "async"]'
	inside 'grep " /scratch " /proc/self/mountinfo | sed "s/.* - //"'
	lacks "$output" sync
	# Words of the table that tmpfs does not show.
	config '.mounts[-1].options = ["mand", "nomand", "iversion", "noiversion", "silent", "loud", "nolazytime"]'
	inside 'echo runs'
	is "$output" runs
}

@test "tmpcopyup" {
	mkdir -p rootfs/scratch/dir
	echo file >rootfs/scratch/dir/file
	chmod 644 rootfs/scratch/dir/file
	chmod 2751 rootfs/scratch/dir
	chown 1000:1001 rootfs/scratch/dir/file
	ln -s dir/file rootfs/scratch/link
	mount_add '{destination: "/scratch", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup"]}'
	umask 077
	inside 'cd /scratch; stat -c "%n %a %u %g" dir dir/file; readlink link; cat link; echo x >new'
	is "$output" $'dir 2751 0 0\ndir/file 644 1000 1001\ndir/file\nfile'
	[ ! -e rootfs/scratch/new ]
}

@test "proc, sysfs, devpts, mqueue" {
	inside 'awk "{ for (i = 7; \$i != \"-\"; i++); if (\$5 ~ \"^/(proc|sys|dev/pts|dev/mqueue)\$\") print \$5, \$(i + 1) }" /proc/self/mountinfo | sort; cat /proc/self/comm; ls -d /sys/kernel'
	is "$output" $'/dev/mqueue mqueue\n/dev/pts devpts\n/proc proc\n/sys sysfs\ncat\n/sys/kernel'
}

@test "devpts is a new instance with its options" {
	inside 'ls /dev/pts; stat -c "%a" /dev/pts/ptmx; grep " /dev/pts " /proc/self/mountinfo'
	has "$output" "ptmx"
	has "$output" 666
	has "$output" "gid=5"
}

@test "cgroup: v1 shows the hierarchies, each at the container's own" {
	need_v1 memory
	config '.mounts |= map(select(.destination != "/sys/fs/cgroup")) + [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]}]'
	inside 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes; ls /sys/fs/cgroup; mkdir /sys/fs/cgroup/memory/x 2>/dev/null || echo refused' \
		'.linux.resources.memory = {limit: 67108864}'
	has "$output" 67108864
	has "$output" devices
	has "$output" refused
}

@test "cgroup: with a namespace of its own, too" {
	need_v1 memory
	config '.mounts |= map(select(.destination != "/sys/fs/cgroup")) + [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["ro"]}]
		| .linux.namespaces |= (map(select(.type != "cgroup")) + [{type: "cgroup"}])'
	inside 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes' '.linux.resources.memory = {limit: 67108864}'
	is "$output" 67108864
}

@test "cgroup: v2" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	config '.mounts |= map(select(.destination != "/sys/fs/cgroup")) + [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]}]
		| .linux.namespaces |= (map(select(.type != "cgroup")) + [{type: "cgroup"}])'
	inside 'stat -f -c %t /sys/fs/cgroup; [ -s /sys/fs/cgroup/cgroup.procs ] || head -n 1 /sys/fs/cgroup/cgroup.procs; mkdir /sys/fs/cgroup/x 2>/dev/null || echo refused'
	is "$output" $'63677270\n1\nrefused'
}

@test "order: later ones lie on earlier ones" {
	mount_add '{destination: "/a", type: "tmpfs", source: "tmpfs", options: ["size=1m"]}'
	mount_add '{destination: "/a/b", type: "tmpfs", source: "tmpfs", options: ["size=2m"]}'
	mount_add '{destination: "/a/b", type: "tmpfs", source: "tmpfs", options: ["size=3m"]}'
	inside 'df -k /a/b | tail -1 | tr -s " " | cut -d" " -f2; grep -c " /a" /proc/self/mountinfo'
	is "$output" $'3072\n3'
}

@test "a missing destination is made: a directory, or a file for a file" {
	mkdir "$B/data"
	echo file >"$B/file"
	umask 077
	mount_add '{destination: "/new/dir", type: "bind", source: ($b + "/data"), options: ["bind"]}'
	mount_add '{destination: "/other/new/file", type: "bind", source: ($b + "/file"), options: ["bind"]}'
	inside 'cat /other/new/file'
	is "$output" file
	[ -d rootfs/new/dir ]
	[ -f rootfs/other/new/file ]
	is "$(stat -c %a rootfs/new)" 755
}

@test "a source relative to the bundle" {
	mkdir data
	echo file >data/file
	mount_add '{destination: "/data", type: "bind", source: "data", options: ["bind"]}'
	cd /
	script_in_bundle() { (cd "$BUNDLE" && script "$@"); }
	script_in_bundle 'cat /data/file'
	ok run --bundle "$BUNDLE" "$ID"
	is "$output" file
}

@test "a link as source is followed" {
	mkdir "$B/data"
	echo file >"$B/data/file"
	ln -s data "$B/link"
	mount_add '{destination: "/data", type: "bind", source: ($b + "/link"), options: ["bind"]}'
	inside 'cat /data/file'
	is "$output" file
}

@test "a destination that is a link is resolved in the container" {
	ln -s /real rootfs/link
	mkdir rootfs/real
	mount_add '{destination: "/link/below", type: "tmpfs", source: "tmpfs"}'
	inside 'grep -c " /real/below " /proc/self/mountinfo'
	is "$output" 1
	[ ! -e /real ]
}

@test "a destination with .. stays in the container" {
	mount_add '{destination: "/a/../../../../b", type: "tmpfs", source: "tmpfs"}'
	inside 'grep -c " /b " /proc/self/mountinfo'
	is "$output" 1
}

@test "a device, a socket, a FIFO as source" {
	mkfifo "$B/fifo"
	mount_add '{destination: "/fifo", type: "bind", source: ($b + "/fifo"), options: ["bind"]}'
	mount_add '{destination: "/null", type: "bind", source: "/dev/null", options: ["bind"]}'
	LIMIT=10 inside 'stat -c %F /fifo /null; echo x >/null'
	is "$output" $'fifo\ncharacter special file'
}

@test "in a user namespace" {
	with_userns
	mkdir "$B/data"
	echo file >"$B/data/file"
	chmod 700 "$B"
	mount_add '{destination: "/data", type: "bind", source: ($b + "/data"), options: ["rbind", "ro"]}'
	is_tare || chmod 755 "$B"
	inside 'cat /data/file; echo x 2>/dev/null >/data/x || echo refused'
	is "$output" $'file\nrefused'
}

@test "ext4 and other file systems by their type" {
	is_tare || skip "shown once"
	mount_add '{destination: "/ram", type: "ramfs", source: "none"}'
	inside 'stat -f -c %T /ram; echo x >/ram/x && cat /ram/x'
	matches "$output" $'^(ramfs|UNKNOWN)\nx$'
}

@test "a missing bind source" {
	mount_add '{destination: "/data", type: "bind", source: "/nosuch/data", options: ["bind"]}'
	is_tare || skip "it has its own words"
	n=$(jq '.mounts | length - 1' config.json)
	refused "/mounts/$n/source" "bind source '/nosuch/data': no such file or directory"
	has "$stderr" $'\nhint: '
}

@test "type bind without the option is no bind" {
	is_tare || skip "the others differ"
	mkdir "$B/data"
	mount_add '{destination: "/data", type: "bind", source: ($b + "/data")}'
	refused "/mounts/[0-9]+(/type)?" bind
}

@test "an unknown type, an unknown option" {
	mount_add '{destination: "/data", type: "nosuchfs", source: "none"}'
	refused "/mounts/[0-9]+(/type)?" "file system"
	config '.mounts[-1] = {destination: "/data", type: "tmpfs", source: "tmpfs", options: ["nosuchoption"]}'
	refused "/mounts/[0-9]+(/options.*)?" nosuchoption
	config '.mounts[-1] = {destination: "/data", type: "bind", source: "/tmp", options: ["bind", "nosuchoption"]}'
	! is_tare || refused "/mounts/[0-9]+(/options.*)?" nosuchoption
}

@test "a directory onto a file, a file onto a directory" {
	mount_add '{destination: "/etc/passwd", type: "bind", source: "/tmp", options: ["bind"]}'
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || matches "$stderr" "/mounts/[0-9]+"
	config '.mounts[-1] = {destination: "/etc", type: "bind", source: "/etc/passwd", options: ["bind"]}'
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "not applied yet: id-mapped mounts" {
	is_tare || skip "the others have it"
	mount_add '{destination: "/data", type: "bind", source: "/tmp", options: ["bind", "idmap"]}'
	not_yet "/mounts/[0-9]+/options/1"
	config '.mounts[-1] = {destination: "/data", type: "bind", source: "/tmp", options: ["bind"], uidMappings: [{containerID: 0, hostID: 1, size: 1}], gidMappings: [{containerID: 0, hostID: 1, size: 1}]}'
	not_yet "/mounts/[0-9]+/uidMappings"
}

@test "missing destination, wrong types" {
	mount_add '{type: "tmpfs", source: "tmpfs"}'
	refused "/mounts/[0-9]+(/destination)?" destination
	is_tare || return 0
	refused "/mounts/[0-9]+/destination" "" '.mounts[-1] = {destination: "", type: "tmpfs", source: "tmpfs"}'
	refused "/mounts/[0-9]+/options" "" '.mounts[-1] = {destination: "/x", type: "tmpfs", source: "tmpfs", options: "ro"}'
	refused "/mounts/[0-9]+/type" "" '.mounts[-1] = {destination: "/x", type: 1, source: "tmpfs"}'
	refused "/mounts" "" '.mounts = {}'
}

# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/rootfsPropagation

load ../lib

# The optional fields of the container's root in its mountinfo
fields='awk "\$5 == \"/\" { for (i = 7; \$i != \"-\"; i++) printf \"%s \", \$i }" /proc/self/mountinfo'

# root_is WANT PROPAGATION...
root_is() {
	local want=$1 word

	shift
	for word; do
		inside "$fields" ".linux.rootfsPropagation = \"$word\""
		matches "$output" "$want"
	done
}

@test "private" { root_is '^$' private rprivate; }
@test "slave" { root_is '^(master:[0-9]+ )?$' slave rslave; }
@test "shared" { root_is '^shared:[0-9]+ $' shared rshared; }
@test "unbindable" { root_is '^unbindable $' unbindable runbindable; }
@test "absent" {
	inside "$fields" 'del(.linux.rootfsPropagation)'
	matches "$output" '^(master:[0-9]+ )?$'
}

# What is mounted on the host while the container runs, on a shared mount below its root
# file system.
host_mounts_later() {
	script 'sleep 1000' ".linux.rootfsPropagation = \"$1\""
	# shellcheck disable=SC2016
	try_command unshare --mount --propagation private sh -c '
		mount --bind rootfs rootfs && mount --make-shared rootfs &&
		tare run -d "$ID" && mount -t tmpfs later rootfs/mnt &&
		tare exec "$ID" grep -c " /mnt " /proc/self/mountinfo
		tare delete --force "$ID"'
}

@test "slave: what the host mounts arrives" {
	host_mounts_later rslave
	is "$output" 1
}

@test "private: what the host mounts does not arrive" {
	host_mounts_later rprivate
	is "$output" 0
}

@test "nothing that the container mounts reaches the host, unless shared" {
	script 'mount -t tmpfs inner /mnt; echo done' '.linux.rootfsPropagation = "rslave"
		| .process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_SYS_ADMIN"]}) | add)'
	try_command unshare --mount --propagation private sh -c '
		mount --bind rootfs rootfs && mount --make-shared rootfs &&
		tare run "$ID"; grep -c inner /proc/self/mountinfo'
	is "$output" $'done\n0'
}

@test "an unknown word" {
	refused /linux/rootfsPropagation "" '.linux.rootfsPropagation = "sharing"'
	refused /linux/rootfsPropagation "" '.linux.rootfsPropagation = true'
}

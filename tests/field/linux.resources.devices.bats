# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/resources/devices: v1 rules, v2 a program of the kernel

load ../lib

# may DEVICE...: which of them can be read and written, made first by number
MAY='for d; do
	IFS=: read -r type major minor <<-END
		$d
	END
	mknod /node $type $major $minor 2>/dev/null || { echo "$d no m"; continue; }
	r=- w=-
	dd if=/node of=/dev/null bs=1 count=0 2>/dev/null && r=r
	dd if=/dev/null of=/node bs=1 count=0 conv=notrunc 2>/dev/null && w=w
	echo "$d $r$w"
	rm /node
done'

MKNOD='.process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_MKNOD", "CAP_SYSLOG"]}) | add)'

may() {
	local filter=$1

	shift
	config "$filter | $MKNOD"
	program sh -c "$MAY" sh "$@"
	ok run "$ID"
}

DENY='{allow: false, access: "rwm"}'

in_both_views() {
	if has_v1 devices; then
		VIEW=v1 "$@"
	fi
	if has_v2; then
		VIEW=v2 "$@"
	fi
}

deny_all() {
	may ".linux.resources.devices = [$DENY]" c:1:3 c:1:5 c:1:7 c:1:8 c:1:9 c:5:0 c:1:11 b:7:0
	# The default devices are always allowed, anything can be made, nothing else opened.
	is "$output" "c:1:3 rw
c:1:5 rw
c:1:7 rw
c:1:8 rw
c:1:9 rw
c:5:0 --
c:1:11 --
b:7:0 --"
}
@test "deny all: what every container has stays" { in_both_views deny_all; }

deny_all_by_type() {
	may '.linux.resources.devices = [{allow: false, type: "a", access: "rwm"}]' c:1:11
	is "$output" "c:1:11 --"
}
@test "deny all by type a" { in_both_views deny_all_by_type; }

one_allowed() {
	may ".linux.resources.devices = [$DENY, {allow: true, type: \"c\", major: 1, minor: 11, access: \"r\"}]" c:1:11 c:1:1
	is "$output" $'c:1:11 r-\nc:1:1 --'
}
@test "one is allowed for reading" { in_both_views one_allowed; }

a_major_allowed() {
	may ".linux.resources.devices = [$DENY, {allow: true, type: \"c\", major: 1, access: \"rw\"}]" c:1:11 c:10:237
	is "$output" $'c:1:11 rw\nc:10:237 --'
}
@test "a whole major" { in_both_views a_major_allowed; }

rules_in_order() {
	may ".linux.resources.devices = [$DENY, {allow: true, type: \"c\", major: 1, minor: 11, access: \"rw\"}, {allow: false, type: \"c\", major: 1, minor: 11, access: \"w\"}]" c:1:11
	is "$output" "c:1:11 r-"
}
@test "a later rule takes something back" { in_both_views rules_in_order; }

allow_all() {
	may '.linux.resources.devices = [{allow: true, access: "rwm"}]' c:1:11
	is "$output" "c:1:11 rw"
}
@test "allow all" { in_both_views allow_all; }

none_at_all() {
	may 'del(.linux.resources.devices)' c:1:3 c:1:11
	has "$output" "c:1:3 rw"
}
@test "no rules: the default devices" { in_both_views none_at_all; }

exec_too() {
	up ".linux.resources.devices = [$DENY] | $MKNOD"
	ok exec "$ID" sh -c "$MAY" sh c:1:11 c:1:3
	is "$output" $'c:1:11 --\nc:1:3 rw'
	ok delete --force "$ID"
}
@test "exec is confined as well" { in_both_views exec_too; }

@test "v2: one program is attached, with a container's life" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	up ".linux.resources.devices = [$DENY]"
	is "$("$PROGRAMS/tools/probe" devices "$(v2_dir)")" 1
	ok exec "$ID" true
	ok pause "$ID"
	ok resume "$ID"
	is "$("$PROGRAMS/tools/probe" devices "$(v2_dir)")" 1
}

@test "wrong types" {
	refused "/linux/resources/devices/0(/allow)?" allow '.linux.resources.devices = [{access: "rwm"}]'
	refused "/linux/resources/devices/0/allow" "" '.linux.resources.devices = [{allow: 1}]'
	refused "/linux/resources/devices/0/type" "" '.linux.resources.devices = [{allow: true, type: "x"}]'
	refused "/linux/resources/devices/0/access" "" '.linux.resources.devices = [{allow: true, access: "x"}]'
	refused "/linux/resources/devices/0/major" "" '.linux.resources.devices = [{allow: true, type: "c", major: "1"}]'
}

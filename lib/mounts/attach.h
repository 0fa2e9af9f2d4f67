/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach.h - put a detached mount into the container's tree, with its flags.
 *
 * Flags are set before anyone can see the mount, it is moved onto a descriptor that was
 * resolved beneath the root, and afterwards its place is looked up again: whoever swapped
 * a directory of a shared volume meanwhile gets the container refused, not a mount
 * elsewhere (CVE-2021-30465). System calls only: for init.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;

/* 0 leaves things as they are. clr MOUNT_ATTR__ATIME wholly or not at all. */
struct attach_flags {
	uint64_t set, clr;    /* MOUNT_ATTR_* */
	uint64_t propagation; /* MS_* */
};

struct attach {
	int root_fd;
	const char *path; /* absolute, for the container */
	int target_fd;    /* O_PATH of it, resolved beneath root_fd */
	const char *name; /* in target_fd, if that is private; NULL: target_fd itself */
	bool is_root;     /* root_fd is "/": the place can be looked up by name */
	bool is_private;  /* below a file system only we see: no look is needed */
	bool strict;      /* no component of path may be a symlink */
	bool may_be_peer; /* a host mount's clone that may still propagate to it */
	struct attach_flags tree; /* first, for the mounts below it too */
	struct attach_flags top;  /* then, for itself */
};

/*
 * mount_fd stays the caller's and refers to the mount after it was attached. The id of
 * the mount is returned in *ret_id unless that is NULL. What the kernel keeps locked in
 * a user namespace (ro, nosuid, nodev, noexec, access times) stays on with a warning.
 */
int attach_mount(int mount_fd, const struct attach *a, uint64_t *ret_id, struct err *e);

/* Change a mount that is attached already; the messages call it path. */
int attach_change(int mount_fd, const char *path, const struct attach_flags *tree,
		  const struct attach_flags *top, struct err *e);

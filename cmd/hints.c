/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hints.c - what helps against an error; see hints.h.
 *
 * Hints that need a value of the moment are given where that is known (err_hint());
 * these depend on the operation, the errno, the kind and the field alone, so that all
 * of the prose can be read here. The first row that fits counts.
 */
#include "hints.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

#define NO_FIELD ""

struct hint {
	const char *op; /* NULL: any */
	int code;
	enum err_kind kind;
	const char *field; /* its beginning; NULL: any, NO_FIELD: there is none */
	const char *path;  /* its end; NULL: any */
	const char *text;
};

/* clang-format off */
static const struct hint hints[] = {
	{ "clone3", EPERM, ERR_SYSTEM, NULL, NULL,
	  "new namespaces take CAP_SYS_ADMIN: run tare as root" },
	{ "clone3", ENOSPC, ERR_SYSTEM, NULL, NULL,
	  "too many namespaces: see user.max_*_namespaces in sysctl(8)" },
	{ "clone3", EAGAIN, ERR_SYSTEM, NULL, NULL,
	  "too many processes: see pids.max of the cgroup and ulimit -u" },
	{ "clone3", EINVAL, ERR_SYSTEM, NULL, NULL,
	  "this kernel was built without one of the namespaces in /linux/namespaces" },
	{ "setns", EPERM, ERR_SYSTEM, NULL, NULL,
	  "joining a namespace takes CAP_SYS_ADMIN in the user namespace that owns it" },
	{ "prlimit", EPERM, ERR_SYSTEM, "/process/rlimits", NULL,
	  "raising a hard limit takes CAP_SYS_RESOURCE: ask for no more than ulimit -H shows" },
	{ "mkdir", EROFS, ERR_SYSTEM, "/linux/cgroupsPath", NULL,
	  "cgroups are mounted read-only here: mount them writable, or use "
	  "--cgroup-manager disabled" },
	{ "mkdir", EACCES, ERR_SYSTEM, "/linux/cgroupsPath", NULL,
	  "run tare as root, or use --cgroup-manager disabled" },
	{ "mkdir", ENOSPC, ERR_SYSTEM, "/linux/cgroupsPath", NULL,
	  "too many cgroups: see cgroup.max.descendants of those above, and what is left "
	  "of others" },
	{ "mkdir", EACCES, ERR_SYSTEM, NO_FIELD, NULL,
	  "run tare as root, or name a directory of your own with --root" },
	{ "mkdir", EROFS, ERR_SYSTEM, NO_FIELD, NULL,
	  "name a directory that can be written to with --root" },
	{ "mkdir", ENOSPC, ERR_SYSTEM, NO_FIELD, NULL,
	  "the file system of the state directory (--root) is full" },
	{ "write", ENOSPC, ERR_SYSTEM, NO_FIELD, NULL,
	  "the file system of the state directory (--root) is full" },
	{ "open bundle", ENOENT, ERR_SYSTEM, NULL, NULL,
	  "--bundle names the directory that holds config.json" },
	{ "open", ENOENT, ERR_SYSTEM, NO_FIELD, "config.json",
	  "a bundle is a directory with a config.json: 'tare spec' writes one to begin with" },
	{ "connect", ENOENT, ERR_SYSTEM, NULL, NULL,
	  "who is to get the descriptor makes this socket first, and listens on it" },
	{ "connect", ECONNREFUSED, ERR_SYSTEM, NULL, NULL,
	  "who is to get the descriptor listens on this socket first" },
	{ "keyctl", EDQUOT, ERR_SYSTEM, NULL, NULL,
	  "too many keys: see kernel.keys.maxkeys in sysctl(8), or use --no-new-keyring" },
	{ "keyctl", EPERM, ERR_SYSTEM, NULL, NULL,
	  "where keyrings are forbidden use --no-new-keyring" },
	{ "bpf", EPERM, ERR_SYSTEM, NULL, NULL,
	  "device rules on cgroup v2 take CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN" },
	{ "mknod", EPERM, ERR_SYSTEM, NULL, NULL,
	  "making a device takes CAP_MKNOD and a cgroup that allows it" },
	{ "execveat", EACCES, ERR_SYSTEM, NULL, NULL,
	  "see vm.memfd_noexec in sysctl(8), and whether a security module forbids it" },
	{ NULL, ENOENT, ERR_STATE, NULL, NULL,
	  "'tare list' shows which there are; --root must be the one it was created with" },
	{ NULL, EEXIST, ERR_STATE, NULL, NULL,
	  "take another ID, or remove that container with 'tare delete'" },
};
/* clang-format on */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool fits(const struct hint *h, const struct err *e)
{
	if (h->code != e->code || h->kind != e->kind)
		return false;
	if (h->op && !str_eq(h->op, e->op))
		return false;
	if (h->path && !ends_with(e->path, h->path))
		return false;
	if (!h->field)
		return true;
	return *h->field ? str_after(e->field, h->field) != NULL : str_empty(e->field);
}

const char *hint_for(const struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(hints); i++) {
		if (fits(&hints[i], e))
			return hints[i].text;
	}
	return NULL;
}

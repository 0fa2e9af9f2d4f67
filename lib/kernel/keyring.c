/* SPDX-License-Identifier: Apache-2.0 */
/* keyring.c - session keyring; see keyring.h. keyctl(2) has no wrapper in libc. */
#include "kernel/keyring.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include "kernel/ret.h"

int32_t sys_keyctl_join_session(const char *name)
{
	return ret_errno(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name));
}

/* At most eight hexadecimal digits up to a ';'. */
static int parse_perm(const char *s, uint32_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t perm = 0;
	unsigned n = 0;

	for (; *s && *s != ';'; s++, n++) {
		const char *digit = strchr(digits, *s);

		if (!digit || n == 8)
			return -EBADMSG;
		perm = perm << 4 | (uint32_t)(digit - digits);
	}
	if (!n || !*s)
		return -EBADMSG;
	*ret = perm;
	return 0;
}

/* The kernel describes a key as "type;uid;gid;perm;description". */
int sys_keyctl_get_perm(int32_t id, uint32_t *ret)
{
	char text[4096];
	const char *s = text;
	long n = syscall(SYS_keyctl, KEYCTL_DESCRIBE, id, text, sizeof(text));

	if (n < 0)
		return -errno;
	if (n == 0 || (size_t)n > sizeof(text))
		return -EBADMSG;
	for (unsigned i = 0; i < 3; i++) {
		s = strchr(s, ';');
		if (!s)
			return -EBADMSG;
		s++;
	}
	return parse_perm(s, ret);
}

int sys_keyctl_set_perm(int32_t id, uint32_t perm)
{
	return ret_errno(syscall(SYS_keyctl, KEYCTL_SETPERM, id, perm));
}

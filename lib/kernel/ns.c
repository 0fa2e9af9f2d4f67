/* SPDX-License-Identifier: Apache-2.0 */
/* ns.c - namespaces; see ns.h. */
#include "kernel/ns.h"

#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "kernel/ret.h"

int sys_setns(int fd, int flags)
{
	return ret_errno(setns(fd, flags));
}

int sys_unshare(int flags)
{
	return ret_errno(unshare(flags));
}

int sys_ns_type(int ns_fd)
{
	return ret_errno(ioctl(ns_fd, NS_GET_NSTYPE));
}

int sys_ns_userns(int ns_fd)
{
	return ret_errno(ioctl(ns_fd, NS_GET_USERNS));
}

int sys_ns_parent(int ns_fd)
{
	return ret_errno(ioctl(ns_fd, NS_GET_PARENT));
}

int sys_sethostname(const char *name)
{
	return ret_errno(sethostname(name, strlen(name)));
}

int sys_setdomainname(const char *name)
{
	return ret_errno(setdomainname(name, strlen(name)));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* ns.h - namespaces: enter, leave, ask; no policy, see file.h. */
#pragma once

#include <stdint.h>

#include "kernel/compat.h"

int sys_setns(int fd, int flags);
int sys_unshare(int flags);
int sys_ns_type(int ns_fd);   /* NS_GET_NSTYPE: a CLONE_NEW* flag */
int sys_ns_userns(int ns_fd); /* NS_GET_USERNS: descriptor of the owner */
int sys_ns_parent(int ns_fd);
int sys_sethostname(const char *name);
int sys_setdomainname(const char *name);

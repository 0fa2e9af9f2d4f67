/* SPDX-License-Identifier: Apache-2.0 */
/* user.h - names of users, from a passwd file and nothing else. */
#pragma once

#include <sys/types.h>

/*
 * The name that file has for the id, malloc()ed, or NULL. Directories (LDAP, SSSD) are
 * not asked: libc would load libraries and open sockets for that.
 */
char *user_name(const char *file, uid_t uid);

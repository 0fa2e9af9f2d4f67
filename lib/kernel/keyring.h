/* SPDX-License-Identifier: Apache-2.0 */
/* keyring.h - session keyring; no policy, see file.h. */
#pragma once

#include <stdint.h>

/* New session keyring of that name (NULL: anonymous); its serial or -errno. */
int32_t sys_keyctl_join_session(const char *name);
int sys_keyctl_get_perm(int32_t id, uint32_t *ret);
int sys_keyctl_set_perm(int32_t id, uint32_t perm);

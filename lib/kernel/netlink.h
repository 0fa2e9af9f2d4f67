/* SPDX-License-Identifier: Apache-2.0 */
/* netlink.h - the few things a runtime asks of the network; no policy, see file.h. */
#pragma once

/* Set the loopback of the current network namespace up. */
int sys_loopback_up(void);

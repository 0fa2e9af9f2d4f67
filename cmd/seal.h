/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.h - run from a copy of our own binary that nobody can write to.
 *
 * A process in a container sees ours through /proc/PID/exe, and can make us execute
 * it: whoever is root there could open the host's binary for writing and own every
 * later start (CVE-2019-5736). Hence commands that put a process into a container
 * go on in a read-only clone of the binary.
 */
#pragma once

struct err;

/*
 * Returns 0 once this process runs sealed; else executes the sealed copy, which comes
 * here again with the same arguments, or fails.
 */
int seal_self(char *const argv[], struct err *e);

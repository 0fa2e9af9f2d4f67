/* SPDX-License-Identifier: Apache-2.0 */
/*
 * default.h - the config.json that `tare spec` writes: a shell on a terminal, in
 * namespaces of its own, with three capabilities and the usual paths hidden.
 */
#pragma once

#include <stdbool.h>

struct str;

/* has_cgroup2: the host is on cgroup v2, where a cgroup namespace is of use. */
void spec_default_emit(bool has_cgroup2, struct str *out);

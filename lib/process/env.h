/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env.h - the environment of the container's process.
 *
 * OCI: /process/env
 *
 * Of several values for one name the last counts. HOME, where the config has none or
 * an empty one, is what the container's /etc/passwd says, else "/". LISTEN_FDS and
 * LISTEN_PID are the caller's, if it passes descriptors on.
 */
#pragma once

#include <limits.h>

#include "plan.h"

struct err;

#define ENV_HOME_SIZE (sizeof("HOME=") + PATH_MAX)

int env_check(const struct spec *s, struct err *e);

/* plan->envp; with room for HOME behind plan->n_envp when plan->home_entry is set. */
int env_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e);

/*
 * Complete HOME. The image is hostile and no reason to fail: a passwd file that is no
 * regular file, too big or garbage counts as none.
 */
int env_init(const struct plan *p, struct inside *in, struct err *e);

/* The value of name in envp, NULL if there is none. */
const char *env_get(char *const envp[], const char *name);

/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - file names as text; nothing here asks the kernel. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Lexical clean-up as Go's filepath.Clean: one slash between components, no ".",
 * ".." taken back where it can be; "" becomes ".". Writes into buf.
 * -ENAMETOOLONG when it does not fit.
 */
int path_clean(const char *path, char *buf, size_t size);
char *path_clean_dup(struct arena *a, const char *path);

/* dir + "/" + name in the arena; name alone if it is absolute. */
char *path_join(struct arena *a, const char *dir, const char *name);

/* Is any component ".."? */
bool path_has_dotdot(const char *path);

/* What follows the last slash, "" for "/"; borrowed from path, which should be clean. */
const char *path_base(const char *path);

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * features.h - the document of `features` (runtime-spec 1.3.0, features.md).
 *
 * Words come from the tables that also parse config.json; what layers above know is
 * handed in. Strings are borrowed for the call; lists end with NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "spec/config.h"

struct str;

#define SPEC_VERSION     "1.3.0" /* what we implement, and write ourselves */
#define SPEC_VERSION_MIN "1.0.0"

struct features {
	const char *const *mount_options; /* mounts/options */
	const char *const *capabilities;  /* process/caps: "CAP_CHOWN", ... */
	bool has_seccomp;
	const char *const *seccomp_flags; /* the kernel and libseccomp at hand take */
	struct str_map annotations;       /* versions of the parts: see features.md */
};

/* Append the document to *out, pretty. */
void features_emit(const struct features *f, struct str *out);

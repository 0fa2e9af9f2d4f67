/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version.c - what --version prints.
 *
 * Engines read "NAME version X", "commit:" and "spec:" line by line; people want to
 * know what was built in. The Makefile gives TARE_COMMIT to this file alone.
 */
#include "base/str.h"
#include "help.h"
#include "tare.h"

void help_version(struct str *out)
{
	str_addf(out, "tare version %s\n", PACKAGE_VERSION);
	str_addf(out, "commit: %s\n", TARE_COMMIT);
	str_add(out, "spec: 1.3.0\n");
	str_addf(out, "%cSECCOMP +CAP +YAJL\n", tare_has_seccomp() ? '+' : '-');
}

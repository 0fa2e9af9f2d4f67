/* SPDX-License-Identifier: Apache-2.0 */
/* features.c - what this build and this host can do, as `features` says it. */
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "linux/seccomp.h"
#include "mounts/options.h"
#include "process/caps.h"
#include "spec/features.h"
#include "tare.h"

bool tare_has_seccomp(void)
{
	return seccomp_is_built();
}

static const char *const *mount_options(struct arena *a)
{
	const char **v = NULL;
	size_t n = 0;

	for (; mount_option_name(n); n++) {
		v = arena_grow(a, v, n, sizeof(*v));
		v[n] = mount_option_name(n);
	}
	v = arena_grow(a, v, n, sizeof(*v));
	v[n] = NULL;
	return v;
}

static const char *const *capabilities(struct arena *a)
{
	size_t n = (size_t)caps_count();
	const char **v = arena_calloc(a, n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = caps_name((int)i);
	return v;
}

/* The names are those that callers of other runtimes look for. */
static void add_versions(struct arena *a, struct features *f)
{
	const char *libseccomp = seccomp_library_version(a);
	struct str_pair *pairs = arena_calloc(a, 2, sizeof(*pairs));
	size_t n = 0;

	pairs[n++] = (struct str_pair){ "org.opencontainers.runc.checkpoint.enabled",
					"false" };
	if (libseccomp)
		pairs[n++] = (struct str_pair){ "io.github.seccomp.libseccomp.version",
						libseccomp };
	f->annotations = (struct str_map){ .n = n, .v = pairs };
}

int tare_features(char **ret, struct err *e)
{
	struct arena arena = { 0 };
	struct features f = {
		.mount_options = mount_options(&arena),
		.capabilities = capabilities(&arena),
		.has_seccomp = seccomp_is_built(),
		.seccomp_flags = seccomp_flag_names(&arena),
	};
	struct str out = { 0 };

	(void)e;
	add_versions(&arena, &f);
	features_emit(&f, &out);
	arena_free(&arena);
	*ret = out.s;
	return 0;
}

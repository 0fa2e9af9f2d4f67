/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake.h - cgroups of a machine that is not this one: plain directories and files.
 *
 * A directory does not enforce or create anything, so the files that a test is about are
 * made by it; what the kernel does with them is what live.c looks at.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/hierarchy.h"
#include "plan.h"
#include "tests/unit/unit.h"

#define MAYBE static __attribute__((unused))

struct fake {
	char root[64];
	struct cgroup_hierarchy *h;
	struct spec spec;
	struct host host;
	struct options options;
	struct plan plan;
	struct held held;
	struct err e;
	char line[1400];
};

MAYBE const char *fake_path(const struct fake *f, const char *path, char buf[PATH_MAX])
{
	CHECK(str_format(buf, PATH_MAX, "%s/%s", f->root, path) > 0);
	return buf;
}

/* mkdir -p */
MAYBE void fake_dir(const struct fake *f, const char *path)
{
	char full[PATH_MAX];

	CHECK(file_mkdir_all_at(AT_FDCWD, fake_path(f, path, full), 0755) >= 0);
}

MAYBE void fake_file(const struct fake *f, const char *path, const char *text)
{
	char full[PATH_MAX];
	autofd int fd =
		open(fake_path(f, path, full), O_CREAT | O_WRONLY | O_TRUNC, 0644);

	CHECK(fd >= 0 && file_write_fd(fd, text, strlen(text)) == 0);
}

/* The text of a file, "(none)" without one; good until the next call. */
MAYBE const char *fake_read(const struct fake *f, const char *path)
{
	static char text[4096];
	char full[PATH_MAX];

	if (file_read_at(AT_FDCWD, fake_path(f, path, full), text, sizeof(text)) < 0)
		return "(none)";
	return text;
}

MAYBE bool fake_exists(const struct fake *f, const char *path)
{
	char full[PATH_MAX];

	return access(fake_path(f, path, full), F_OK) == 0;
}

MAYBE int fake_remove_one(const char *path, const struct stat *st, int type,
			  struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* An empty machine: add hierarchies, then fake_ready(). */
MAYBE void fake_new(struct fake *f)
{
	*f = (struct fake){ .root = "/tmp/tare-test-XXXXXX" };
	CHECK(mkdtemp(f->root) != NULL);
	f->h = hierarchy_new();
	f->options.id = "web";
	f->plan.spec = &f->spec;
	f->plan.host = &f->host;
	f->plan.options = &f->options;
	f->host.cgroup = f->h;
}

MAYBE void fake_v1(struct fake *f, const char *controllers)
{
	char full[PATH_MAX];

	fake_dir(f, controllers);
	CHECK_INT(hierarchy_add_v1(f->h, controllers, fake_path(f, controllers, full)),
		  0);
}

MAYBE void fake_v2(struct fake *f, const char *controllers)
{
	char full[PATH_MAX];

	fake_dir(f, "unified");
	fake_file(f, "unified/cgroup.controllers", controllers);
	CHECK_INT(hierarchy_add_v2(f->h, fake_path(f, "unified", full)), 0);
}

/* The hierarchies of an ordinary v1 machine, and those of a v2 one. */
MAYBE void fake_v1_machine(struct fake *f)
{
	static const char *const all[] = { "cpu,cpuacct", "cpuset", "memory", "devices",
					   "freezer",     "pids",   "blkio" };

	fake_new(f);
	for (size_t i = 0; i < N_ELEMENTS(all); i++)
		fake_v1(f, all[i]);
}

MAYBE void fake_v2_machine(struct fake *f)
{
	fake_new(f);
	fake_v2(f, "cpuset cpu io memory hugetlb pids");
}

MAYBE void fake_free(struct fake *f)
{
	hierarchy_free(f->h);
	arena_free(&f->plan.arena);
	(void)nftw(f->root, fake_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

MAYBE const char *fake_error(struct fake *f)
{
	err_format(&f->e, f->line, sizeof(f->line));
	return f->line;
}

/* One line a write: "memory memory.max=1000 @/linux/... +next ~ENOENT"; free() it. */
MAYBE char *fake_golden(const struct plan *plan)
{
	struct str s = { 0 };

	for (size_t i = 0; i < plan->cgroup.n_writes; i++) {
		const struct plan_cgroup_write *w = &plan->cgroup.write[i];
		const char *field = str_after(w->field, "/linux/resources");

		str_addf(&s, "%s %s=%s @%s%s%s%s\n", w->controller, w->file, w->value,
			 field ? field : w->field, w->with_next ? " +next" : "",
			 w->tolerate ? " ~" : "",
			 w->tolerate ? err_name(w->tolerate) : "");
	}
	return s.s ? s.s : str_dup("");
}

#define CHECK_GOLDEN(f, want)                                                            \
	do {                                                                             \
		autofree char *golden_ = fake_golden(&(f)->plan);                        \
                                                                                         \
		CHECK_STR(golden_, (want));                                              \
	} while (0)

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fs.c - a new instance of a file system.
 *
 * OCI: /mounts/N/type
 *
 * fsopen(2), one fsconfig(2) for each option, fsmount(2): a wrong option is told apart
 * from the others, and the kernel says in words what is wrong with it.
 */
#include "mounts/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/options.h"

#define WORDS_SIZE 256
#define DATA_SIZE  4096 /* mount(2) reads one page */

/* The kernel's own words about what just failed on fs_fd, if it has any. */
static int refuse(const struct plan_mount *m, int fs_fd, int r, struct err *e)
{
	char words[WORDS_SIZE];

	sys_fs_message(fs_fd, words, sizeof(words));
	if (!words[0])
		return err_sys(e, r, "mount", m->destination);
	return err_sys_msg(e, r, "mount", m->destination, "%s", words);
}

static int refuse_type(const struct plan_mount *m, int r, struct err *e)
{
	if (r == -ENODEV)
		r = err_sys_msg(e, r, "fsopen", m->fs_type,
				"this kernel has no such file system");
	else
		r = err_sys(e, r, "fsopen", m->fs_type);
	return err_at(e, r, "/type");
}

static int set_options(const struct plan_mount *m, int fs_fd, struct err *e)
{
	for (size_t i = 0; i < m->n_options; i++) {
		const struct plan_fs_option *o = &m->option[i];
		int r = o->value ? sys_fsconfig_string(fs_fd, o->key, o->value)
				 : sys_fsconfig_flag(fs_fd, o->key);

		if (r < 0)
			return err_at(e, refuse(m, fs_fd, r, e), "/options/%zu",
				      o->index);
	}
	return 0;
}

/* A tmpfs looks like the directory it hides, unless its mode was given. */
static int copy_mode(int fs_fd, unsigned target_mode)
{
	char text[16];

	if (!target_mode)
		return 0;
	(void)snprintf(text, sizeof(text), "%o", target_mode & 07777);
	return sys_fsconfig_string(fs_fd, "mode", text);
}

static int configure(const struct plan_mount *m, int fs_fd, unsigned target_mode,
		     struct err *e)
{
	int r = 0;

	if (!str_empty(m->spec->source))
		r = sys_fsconfig_string(fs_fd, "source", m->spec->source);
	if (r < 0)
		return err_at(e, refuse(m, fs_fd, r, e), "/source");
	r = copy_mode(fs_fd, target_mode);
	if (r >= 0 && m->readonly_fs)
		r = sys_fsconfig_flag(fs_fd, "ro");
	return r < 0 ? refuse(m, fs_fd, r, e) : set_options(m, fs_fd, e);
}

/* These two are refused in a user namespace for reasons that are far to seek. */
static int hint(const struct plan_mount *m, int r, struct err *e)
{
	if (r != -EPERM)
		return r;
	if (str_eq(m->fs_type, "proc"))
		return err_hint(e, r,
				"in a user namespace a new procfs needs a new pid "
				"namespace and a /proc outside that nothing covers");
	if (str_eq(m->fs_type, "sysfs"))
		return err_hint(e, r,
				"in a user namespace a new sysfs needs a new network "
				"namespace; bind /sys instead");
	if (str_eq(m->fs_type, "mqueue"))
		return err_hint(e, r,
				"in a user namespace mqueue needs a new ipc namespace");
	return r;
}

int fs_new(const struct plan_mount *m, uint64_t attr, unsigned target_mode,
	   struct new_fs *ret, struct err *e)
{
	int fs_fd = sys_fsopen(m->fs_type, 0);
	int r;

	*ret = NEW_FS_NONE;
	if (fs_fd < 0)
		return refuse_type(m, fs_fd, e);
	ret->context_fd = fs_fd;
	r = configure(m, fs_fd, target_mode, e);
	if (r < 0)
		return r;
	r = sys_fsconfig_create(fs_fd);
	if (r < 0)
		return hint(m, refuse(m, fs_fd, r, e), e);
	r = sys_fsmount(fs_fd, 0, (unsigned)attr);
	if (r < 0)
		return hint(m, refuse(m, fs_fd, r, e), e);
	ret->fd = r;
	return 0;
}

int fs_mount2(const struct plan_mount *m, uint64_t attr, unsigned target_mode,
	      int target_fd, struct err *e)
{
	const char *source = str_empty(m->spec->source) ? "none" : m->spec->source;
	char data[DATA_SIZE], mode[16] = "";
	unsigned long flags = options_ms_flags(attr) | m->ms_flags;
	int r, back;

	if (target_mode)
		(void)snprintf(mode, sizeof(mode), "mode=%o%s", target_mode & 07777,
			       m->data[0] ? "," : "");
	r = str_format(data, sizeof(data), "%s%s", mode, m->data);
	if (r < 0)
		return err_at(e, err_sys(e, r, "mount", m->destination), "/options");
	r = sys_fchdir(target_fd);
	if (r < 0)
		return err_sys(e, r, "chdir", m->destination);
	r = sys_mount(source, ".", m->fs_type, flags, data);
	back = sys_chdir("/");
	if (r == -ENODEV)
		return refuse_type(m, r, e);
	if (r < 0)
		return hint(m, err_sys(e, r, "mount", m->destination), e);
	return back < 0 ? err_sys(e, back, "chdir", "/") : 0;
}

int fs_reconfigure(const struct plan_mount *m, int mount_fd, struct err *e)
{
	uint64_t set = m->attr_set | m->rec_set, clr = m->attr_clr | m->rec_clr;
	autofd int fs_fd = -EBADF;
	int r = 0;

	fs_fd = sys_fspick(mount_fd, "", FSPICK_EMPTY_PATH);
	if (fs_fd < 0)
		return err_sys(e, fs_fd, "fspick", m->destination);
	if (set & MOUNT_ATTR_RDONLY && !m->late_readonly)
		r = sys_fsconfig_flag(fs_fd, "ro");
	else if (clr & MOUNT_ATTR_RDONLY)
		r = sys_fsconfig_flag(fs_fd, "rw");
	if (r < 0)
		return refuse(m, fs_fd, r, e);
	r = set_options(m, fs_fd, e);
	if (r < 0)
		return r;
	r = sys_fsconfig_reconfigure(fs_fd);
	return r < 0 ? refuse(m, fs_fd, r, e) : 0;
}

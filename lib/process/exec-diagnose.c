/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec-diagnose.c - say in words what execve(2) meant; elf(5).
 *
 * ENOENT for a file that is there is about its interpreter; ENOEXEC mostly about an
 * image of another architecture. Both are read off the file, which is the image's:
 * every length and offset is bounded, and nothing that could block is opened.
 */
#include "process/exec.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/file.h"

#define HEAD_SIZE   256 /* the kernel's BINPRM_BUF_SIZE */
#define PHNUM_MAX   128
#define INTERP_SIZE 1024
#define ELF_LOONG   258 /* EM_LOONGARCH, which older headers lack */

/* clang-format off */
static const struct {
	unsigned machine;
	const char *little, *big; /* as uname(2) calls it */
} machines[] = {
	{ EM_386,     "i386",	     "i386" },
	{ EM_X86_64,  "x86_64",	     "x86_64" },
	{ EM_ARM,     "arm",	     "armeb" },
	{ EM_AARCH64, "aarch64",     "aarch64_be" },
	{ EM_PPC,     "ppcle",	     "ppc" },
	{ EM_PPC64,   "ppc64le",     "ppc64" },
	{ EM_S390,    "s390x",	     "s390x" },
	{ EM_RISCV,   "riscv64",     "riscv64" },
	{ EM_MIPS,    "mipsel",	     "mips" },
	{ EM_PARISC,  "parisc",	     "parisc" },
	{ EM_68K,     "m68k",	     "m68k" },
	{ EM_SH,      "sh",	     "sheb" },
	{ EM_SPARCV9, "sparc64",     "sparc64" },
	{ ELF_LOONG,  "loongarch64", "loongarch64" },
};

/* Errors that need no more than their words. */
static const struct {
	int code;
	const char *words;
} plain[] = {
	{ E2BIG,   "argument list too long" },
	{ EISDIR,  "is a directory" },
	{ ENOTDIR, "not a directory" },
	{ ENOEXEC, "exec format error" },
	{ ENOENT,  "no such file or directory" },
	{ EACCES,  "permission denied" },
	{ EPERM,   "operation not permitted" },
	{ ETXTBSY, "text file busy" },
	{ ENOMEM,  "not enough memory" },
};
/* clang-format on */

enum head_kind { HEAD_UNKNOWN, HEAD_EMPTY, HEAD_SCRIPT, HEAD_ELF, HEAD_OTHER };

struct head {
	enum head_kind kind;
	unsigned char data[HEAD_SIZE];
	size_t len;
	bool is_big, is_64;
	char interp[INTERP_SIZE]; /* "" if it names none */
};

static uint64_t get(const unsigned char *p, size_t n, bool is_big)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[is_big ? i : n - 1 - i];
	return v;
}

#define FIELD(h, data, type, member)                                                     \
	((h)->is_64 ? get((data) + offsetof(Elf64_##type, member),                       \
			  sizeof(((Elf64_##type *)0)->member), (h)->is_big)              \
		    : get((data) + offsetof(Elf32_##type, member),                       \
			  sizeof(((Elf32_##type *)0)->member), (h)->is_big))

/* "#! /bin/sh -e": blanks, the path, blanks, one argument. */
static void read_script(struct head *h)
{
	const char *s = (const char *)h->data + 2;
	size_t len = h->len - 2, n;

	while (len && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	for (n = 0; n < len && n < sizeof(h->interp) - 1 && !strchr(" \t\n", s[n]); n++)
		h->interp[n] = s[n];
	h->interp[n] = '\0';
}

static bool read_interp(int fd, uint64_t offset, uint64_t size, struct head *h)
{
	ssize_t n;

	if (!size || size > sizeof(h->interp) || offset > INT64_MAX)
		return false;
	n = sys_pread(fd, h->interp, size, (off_t)offset);
	h->interp[n > 0 ? n - 1 : 0] = '\0';
	return n > 0;
}

static void read_elf(int fd, struct head *h)
{
	uint64_t phoff = FIELD(h, h->data, Ehdr, e_phoff);
	uint64_t phentsize = FIELD(h, h->data, Ehdr, e_phentsize);
	uint64_t phnum = FIELD(h, h->data, Ehdr, e_phnum);
	size_t wanted = h->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	unsigned char ph[sizeof(Elf64_Phdr)];

	if (phentsize != wanted || phnum > PHNUM_MAX || phoff > INT32_MAX)
		return;
	for (uint64_t i = 0; i < phnum; i++) {
		if (sys_pread(fd, ph, wanted, (off_t)(phoff + i * wanted)) !=
		    (ssize_t)wanted)
			return;
		if (FIELD(h, ph, Phdr, p_type) != PT_INTERP)
			continue;
		(void)read_interp(fd, FIELD(h, ph, Phdr, p_offset),
				  FIELD(h, ph, Phdr, p_filesz), h);
		return;
	}
}

static void classify(int fd, struct head *h)
{
	if (!h->len) {
		h->kind = HEAD_EMPTY;
	} else if (h->len >= 2 && memcmp(h->data, "#!", 2) == 0) {
		h->kind = HEAD_SCRIPT;
		read_script(h);
	} else if (h->len >= sizeof(Elf64_Ehdr) &&
		   memcmp(h->data, ELFMAG, SELFMAG) == 0) {
		h->kind = HEAD_ELF;
		h->is_big = h->data[EI_DATA] == ELFDATA2MSB;
		h->is_64 = h->data[EI_CLASS] == ELFCLASS64;
		read_elf(fd, h);
	} else {
		h->kind = HEAD_OTHER;
	}
}

/* HEAD_UNKNOWN when the user may run it but not read it. */
static void read_head(const char *path, struct head *h)
{
	autofd int fd = -EBADF;
	struct stat st;
	ssize_t n;

	*h = (struct head){ .kind = HEAD_UNKNOWN };
	if (sys_fstatat(AT_FDCWD, path, &st, 0) < 0 || !S_ISREG(st.st_mode))
		return;
	fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return;
	n = file_read_fd(fd, h->data, sizeof(h->data));
	if (n < 0)
		return;
	h->len = (size_t)n;
	classify(fd, h);
}

static const char *machine_name(const struct head *h)
{
	unsigned machine = (unsigned)FIELD(h, h->data, Ehdr, e_machine);

	for (size_t i = 0; i < N_ELEMENTS(machines); i++) {
		if (machines[i].machine == machine)
			return h->is_big ? machines[i].big : machines[i].little;
	}
	return "another architecture";
}

static bool is_our_machine(const char *name)
{
	struct utsname us;

	return uname(&us) == 0 && str_eq(us.machine, name);
}

static bool is_missing(const char *path)
{
	struct stat st;

	return sys_fstatat(AT_FDCWD, path, &st, 0) == -ENOENT;
}

static bool is_noexec(const char *path)
{
	autofd int fd = sys_openat(AT_FDCWD, path, O_PATH, 0);
	unsigned long flags;

	return fd >= 0 && sys_fstatvfs_flags(fd, &flags) == 0 && flags & ST_NOEXEC;
}

static const char *words_of(int r)
{
	for (size_t i = 0; i < N_ELEMENTS(plain); i++) {
		if (plain[i].code == -r)
			return plain[i].words;
	}
	return err_name(r);
}

/* `exec: "/app": <words of r>: <why>` */
__attribute__((format(printf, 4, 5))) static int
say(struct err *e, int r, const char *path, const char *fmt, ...)
{
	char why[PATH_MAX] = "";
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return err_sys_msg(e, r, NULL, NULL, "exec: \"%s\": %s: %s", path, words_of(r),
			   why);
}

static int say_plain(struct err *e, int r, const char *path)
{
	return err_sys_msg(e, r, NULL, NULL, "exec: \"%s\": %s", path, words_of(r));
}

static int why_enoent(const char *path, struct err *e)
{
	struct head h, next;

	read_head(path, &h);
	if (!h.interp[0])
		return say_plain(e, -ENOENT, path);
	if (is_missing(h.interp))
		return say(e, -ENOENT, path,
			   "its interpreter \"%s\" is missing in the rootfs", h.interp);
	read_head(h.interp, &next);
	if (next.interp[0] && is_missing(next.interp))
		return say(e, -ENOENT, path,
			   "its interpreter \"%s\" needs \"%s\", which is missing in the "
			   "rootfs",
			   h.interp, next.interp);
	return say_plain(e, -ENOENT, path);
}

static int why_format(const char *path, const struct head *h, const char *whose,
		      struct err *e)
{
	switch (h->kind) {
	case HEAD_EMPTY:
		return say(e, -ENOEXEC, path, "%sthe file is empty", whose);
	case HEAD_ELF:
		if (is_our_machine(machine_name(h)))
			return say(e, -ENOEXEC, path, "%sa damaged program", whose);
		return say(e, -ENOEXEC, path, "%sbuilt for %s", whose, machine_name(h));
	case HEAD_OTHER:
		return say(e, -ENOEXEC, path,
			   "%sneither a program nor a script that begins with #!", whose);
	case HEAD_SCRIPT:
		return say(e, -ENOEXEC, path, "%sno interpreter after #!", whose);
	case HEAD_UNKNOWN:
		break;
	}
	return say_plain(e, -ENOEXEC, path);
}

/* ELIBBAD is about the interpreter of an ELF program, ENOEXEC about that of a script. */
static int why_enoexec(const char *path, int r, struct err *e)
{
	struct head h, next;
	char whose[INTERP_SIZE + 32];

	read_head(path, &h);
	if (!h.interp[0] || (h.kind == HEAD_ELF && r != -ELIBBAD))
		return why_format(path, &h, "", e);
	read_head(h.interp, &next);
	if (str_format(whose, sizeof(whose), "its interpreter \"%s\": ", h.interp) < 0)
		return say_plain(e, -ENOEXEC, path);
	return why_format(path, &next, whose, e);
}

static int why_eacces(const char *path, struct err *e)
{
	struct head h;

	if (is_noexec(path))
		return say(e, -EACCES, path, "its file system is mounted noexec");
	read_head(path, &h);
	if (h.interp[0] && sys_faccessat(AT_FDCWD, h.interp, X_OK, AT_EACCESS) == -EACCES)
		return say(e, -EACCES, path, "its interpreter \"%s\" may not be executed",
			   h.interp);
	return say_plain(e, -EACCES, path);
}

int exec_diagnose(const char *path, int r, struct err *e)
{
	switch (r) {
	case -ENOENT:
		return why_enoent(path, e);
	case -ENOEXEC:
	case -ELIBBAD:
		return why_enoexec(path, r, e);
	case -EACCES:
		return why_eacces(path, e);
	default:
		return say_plain(e, r, path);
	}
}

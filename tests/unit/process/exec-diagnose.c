/* SPDX-License-Identifier: Apache-2.0 */
/* What execve meant: missing interpreters, other machines, things that are no program. */
#include <elf.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/utsname.h>

#include "base/str.h"
#include "process/exec.h"
#include "tests/unit/process/bundle.h"

static const char *machine(void)
{
	static struct utsname us;

	return uname(&us) == 0 ? us.machine : "";
}

/* Really run it; what exec_diagnose() makes of the refusal, with the directory as @. */
struct attempt {
	const struct bundle *b;
	const char *name, *want;
	bool noexec;
	int code; /* instead of running it */
};

static void write_hidden(char *text, const char *dir)
{
	char *at;

	while ((at = strstr(text, dir)) != NULL) {
		*at = '@';
		memmove(at + 1, at + strlen(dir), strlen(at + strlen(dir)) + 1);
	}
}

static int attempt(void *arg)
{
	const struct attempt *t = arg;
	char path[PATH_MAX], text[1024];
	char *argv[] = { path, NULL }, *envp[] = { NULL };
	struct err e = { 0 };
	int r = t->code;

	(void)snprintf(path, sizeof(path), "%s/%s", t->b->dir, t->name);
	if (t->noexec &&
	    (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	     mount(t->b->dir, t->b->dir, NULL, MS_BIND, NULL) < 0 ||
	     mount(NULL, t->b->dir, NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC, NULL) < 0))
		return 10;
	if (!r)
		r = sys_execve(path, argv, envp);
	if (exec_diagnose(path, r, &e) >= 0)
		return 11;
	(void)text_of(&e, text);
	write_hidden(text, t->b->dir);
	if (str_eq(text, t->want))
		return 0;
	printf("# got:  %s\n# want: %s\n", text, t->want);
	fflush(stdout);
	return 12;
}

static void refused(const struct bundle *b, const char *name, const char *want)
{
	struct attempt t = { .b = b, .name = name, .want = want };

	CHECK_INT(child_run(0, attempt, &t), 0);
}

/* As if execve had said so: what a machine can run is not for a test to know. */
static void explained(const struct bundle *b, const char *name, int code,
		      const char *want)
{
	struct attempt t = { .b = b, .name = name, .want = want, .code = code };

	CHECK_INT(child_run(0, attempt, &t), 0);
}

TEST(a_script_whose_interpreter_is_missing)
{
	struct bundle b;
	char text[256];

	bundle_make(&b);
	bundle_script(&b, "plain", "#!/nonexistent/sh\n", 0755);
	bundle_script(&b, "blanks", "#! \t/nonexistent/sh -e\n", 0755);
	bundle_script(&b, "dos", "#!/bin/sh\r\n", 0755);
	bundle_script(&b, "short", "#!/nonexistent/x", 0755);
	refused(&b, "plain",
		"exec: \"@/plain\": no such file or directory: its interpreter "
		"\"/nonexistent/sh\" is missing in the rootfs");
	refused(&b, "blanks",
		"exec: \"@/blanks\": no such file or directory: its interpreter "
		"\"/nonexistent/sh\" is missing in the rootfs");
	refused(&b, "dos",
		"exec: \"@/dos\": no such file or directory: its interpreter "
		"\"/bin/sh\\x0d\" is missing in the rootfs");
	refused(&b, "short",
		"exec: \"@/short\": no such file or directory: its interpreter "
		"\"/nonexistent/x\" is missing in the rootfs");
	(void)snprintf(text, sizeof(text), "#!%s/plain\n", b.dir);
	bundle_script(&b, "deep", text, 0755);
	refused(&b, "deep",
		"exec: \"@/deep\": no such file or directory: its interpreter \"@/plain\" "
		"needs \"/nonexistent/sh\", which is missing in the rootfs");
	bundle_remove(&b);
}

/* This program again, but asking for another loader. */
static bool put_with_loader(const struct bundle *b, const char *name, const char *loader)
{
	static char data[16 << 20];
	autofd int fd = sys_openat(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0);
	ssize_t n = file_read_fd(fd, data, sizeof(data));
	const Elf64_Ehdr *h = (const void *)data;
	const Elf64_Phdr *ph = (const void *)(data + h->e_phoff);

	if (n <= 0 || (size_t)n == sizeof(data) || h->e_ident[EI_CLASS] != ELFCLASS64)
		return false;
	for (int i = 0; i < h->e_phnum; i++) {
		if (ph[i].p_type != PT_INTERP || ph[i].p_filesz <= strlen(loader))
			continue;
		memset(data + ph[i].p_offset, 0, ph[i].p_filesz);
		memcpy(data + ph[i].p_offset, loader, strlen(loader));
		bundle_put(b, name, data, (size_t)n, 0755);
		return true;
	}
	return false;
}

TEST(a_program_whose_loader_is_missing)
{
	struct bundle b;

	bundle_make(&b);
	if (!put_with_loader(&b, "app", "/lib/ld-none.so.1")) {
		bundle_remove(&b);
		SKIP("a dynamic 64-bit test program");
	}
	refused(&b, "app",
		"exec: \"@/app\": no such file or directory: its interpreter "
		"\"/lib/ld-none.so.1\" is missing in the rootfs");
	bundle_remove(&b);
}

static void put_elf(const struct bundle *b, const char *name, unsigned char data,
		    unsigned char class, uint16_t machine)
{
	Elf64_Ehdr h = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, class, data,
				      EV_CURRENT } };
	unsigned char *at = (unsigned char *)&h;

	at[18] = (unsigned char)(data == ELFDATA2LSB ? machine & 0xff : machine >> 8);
	at[19] = (unsigned char)(data == ELFDATA2LSB ? machine >> 8 : machine & 0xff);
	bundle_put(b, name, &h, sizeof(h), 0755);
}

TEST(a_program_for_another_machine)
{
	struct bundle b;
	char text[64];

	bundle_make(&b);
	put_elf(&b, "sparc", ELFDATA2MSB, ELFCLASS64, EM_SPARCV9);
	put_elf(&b, "m68k", ELFDATA2MSB, ELFCLASS32, EM_68K);
	put_elf(&b, "vax", ELFDATA2LSB, ELFCLASS32, EM_VAX);
	explained(&b, "sparc", -ENOEXEC,
		  "exec: \"@/sparc\": exec format error: built for sparc64");
	explained(&b, "m68k", -ENOEXEC,
		  "exec: \"@/m68k\": exec format error: built for m68k");
	explained(&b, "vax", -ENOEXEC,
		  "exec: \"@/vax\": exec format error: built for another architecture");
	put_elf(&b, "arm64", ELFDATA2LSB, ELFCLASS64, EM_AARCH64);
	put_elf(&b, "power", ELFDATA2LSB, ELFCLASS64, EM_PPC64);
	if (strcmp(machine(), "aarch64") != 0)
		explained(&b, "arm64", -ENOEXEC,
			  "exec: \"@/arm64\": exec format error: built for aarch64");
	if (strcmp(machine(), "ppc64le") != 0)
		explained(&b, "power", -ENOEXEC,
			  "exec: \"@/power\": exec format error: built for ppc64le");
	(void)snprintf(text, sizeof(text), "#!%s/sparc\n", b.dir);
	bundle_script(&b, "script", text, 0755);
	explained(
		&b, "script", -ENOEXEC,
		"exec: \"@/script\": exec format error: its interpreter \"@/sparc\": built "
		"for sparc64");
	bundle_remove(&b);
}

TEST(things_that_are_no_program)
{
	struct bundle b;

	bundle_make(&b);
	bundle_script(&b, "empty", "", 0755);
	bundle_script(&b, "text", "echo hello\n", 0755);
	bundle_script(&b, "bare", "#!\n", 0755);
	put_elf(&b, "own", ELFDATA2LSB, ELFCLASS64, EM_X86_64);
	refused(&b, "empty", "exec: \"@/empty\": exec format error: the file is empty");
	refused(&b, "text",
		"exec: \"@/text\": exec format error: neither a program "
		"nor a script that begins with #!");
	refused(&b, "bare",
		"exec: \"@/bare\": exec format error: no interpreter after #!");
	if (strcmp(machine(), "x86_64") == 0)
		refused(&b, "own",
			"exec: \"@/own\": exec format error: a damaged program");
	bundle_remove(&b);
}

TEST(what_may_not_be_run)
{
	struct bundle b;
	char text[64];

	bundle_make(&b);
	bundle_script(&b, "data", "x", 0644);
	bundle_script(&b, "prog", "#!/bin/sh\n", 0755);
	CHECK_INT(sys_mkdirat(b.fd, "dir", 0755), 0);
	refused(&b, "data", "exec: \"@/data\": permission denied");
	refused(&b, "dir", "exec: \"@/dir\": permission denied");
	(void)snprintf(text, sizeof(text), "#!%s/data\n", b.dir);
	bundle_script(&b, "script", text, 0755);
	refused(&b, "script",
		"exec: \"@/script\": permission denied: its interpreter \"@/data\" may not be "
		"executed");
	if (is_root()) {
		struct attempt t = {
			.b = &b,
			.name = "prog",
			.noexec = true,
			.want = "exec: \"@/prog\": permission denied: its file system is mounted "
				"noexec"
		};

		CHECK_INT(child_run(CLONE_NEWNS, attempt, &t), 0);
	}
	bundle_remove(&b);
}

TEST(other_errors_have_their_words_or_their_name)
{
	struct bundle b;

	bundle_make(&b);
	bundle_script(&b, "prog", "#!/bin/sh\n", 0755);
	refused(&b, "gone", "exec: \"@/gone\": no such file or directory");
	explained(&b, "prog", -E2BIG, "exec: \"@/prog\": argument list too long");
	explained(&b, "prog", -EPERM, "exec: \"@/prog\": operation not permitted");
	explained(&b, "prog", -ETXTBSY, "exec: \"@/prog\": text file busy");
	explained(&b, "prog", -EIO, "exec: \"@/prog\": EIO");
	bundle_remove(&b);
}

/* Sizes and offsets of a hostile header lead nowhere; a FIFO is not opened. */
TEST(a_hostile_file_is_survived)
{
	struct bundle b;
	Elf64_Ehdr h = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
				      ELFDATA2LSB, EV_CURRENT },
			 .e_machine = EM_SPARCV9,
			 .e_phoff = UINT64_MAX - 8,
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = UINT16_MAX };
	struct {
		Elf64_Ehdr h;
		Elf64_Phdr ph;
	} lying = { .h = h,
		    .ph = { .p_type = PT_INTERP,
			    .p_offset = UINT64_MAX,
			    .p_filesz = UINT64_MAX } };
	char text[64];

	bundle_make(&b);
	bundle_put(&b, "far", &h, sizeof(h), 0755);
	h.e_phoff = 64;
	bundle_put(&b, "cut", &h, sizeof(h), 0755);
	lying.h.e_phoff = sizeof(h);
	lying.h.e_phnum = 1;
	bundle_put(&b, "lying", &lying, sizeof(lying), 0755);
	lying.ph.p_offset = 0;
	lying.ph.p_filesz = 100000;
	bundle_put(&b, "long", &lying, sizeof(lying), 0755);
	CHECK_INT(sys_mknodat(b.fd, "fifo", S_IFIFO | 0755, 0), 0);
	(void)snprintf(text, sizeof(text), "#!%s/fifo\n", b.dir);
	bundle_script(&b, "script", text, 0755);
	explained(&b, "far", -ENOEXEC,
		  "exec: \"@/far\": exec format error: built for sparc64");
	explained(&b, "cut", -ENOEXEC,
		  "exec: \"@/cut\": exec format error: built for sparc64");
	explained(&b, "lying", -ENOENT, "exec: \"@/lying\": no such file or directory");
	explained(&b, "long", -ENOENT, "exec: \"@/long\": no such file or directory");
	refused(&b, "script", "exec: \"@/script\": permission denied");
	explained(&b, "fifo", -ENOEXEC, "exec: \"@/fifo\": exec format error");
	bundle_remove(&b);
}

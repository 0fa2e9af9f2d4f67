/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env.c - build envp; environ(7), passwd(5).
 *
 * OCI: /process/env
 *
 * passwd is read line by line from inside the root: neither NSS, which would load
 * libraries of the image (CVE-2019-14271), nor an open that a FIFO can block.
 */
#include "process/env.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/file.h"

#define PASSWD_SIZE_MAX (1u << 20)
#define PASSWD_LINE_MAX PATH_MAX

int env_check(const struct spec *s, struct err *e)
{
	const struct str_list *l = &s->process.env;

	for (size_t i = 0; i < l->n; i++) {
		const char *equals = strchr(l->v[i], '=');

		if (!equals || equals == l->v[i])
			return err_at(e, err_config(e, "'%s' is not NAME=VALUE", l->v[i]),
				      "/process/env/%zu", i);
	}
	return 0;
}

static size_t name_length(const char *entry)
{
	return strcspn(entry, "=");
}

static bool is_same_name(const char *a, const char *b)
{
	size_t len = name_length(a);

	return len == name_length(b) && memcmp(a, b, len) == 0;
}

/* The set of names seen, by open addressing: an environment may have 100,000. */
struct names {
	const char **slot;
	size_t n_slots; /* a power of two, at least half of them free */
};

static struct names names_new(struct arena *a, size_t n)
{
	struct names t = { .n_slots = 16 };

	while (t.n_slots < 2 * n)
		t.n_slots *= 2;
	t.slot = arena_calloc(a, t.n_slots, sizeof(*t.slot));
	return t;
}

/* Was the name of this entry not there yet? It is afterwards. */
static bool names_add(struct names *t, const char *entry)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	size_t at;

	for (size_t i = 0, len = name_length(entry); i < len; i++)
		hash = (hash ^ (unsigned char)entry[i]) * 16777619u;
	for (at = hash & (t->n_slots - 1); t->slot[at];
	     at = (at + 1) & (t->n_slots - 1)) {
		if (is_same_name(t->slot[at], entry))
			return false;
	}
	t->slot[at] = entry;
	return true;
}

static void add(struct plan *p, const char *entry)
{
	p->envp[p->n_envp++] = (char *)entry;
}

/* From the end, so that what is met first is what counts. */
static void add_list(struct plan *p, const struct str_list *l, struct names *seen)
{
	bool *counts = arena_calloc(&p->arena, l->n, sizeof(*counts));

	for (size_t i = l->n; i > 0; i--)
		counts[i - 1] = names_add(seen, l->v[i - 1]);
	for (size_t i = 0; i < l->n; i++) {
		if (counts[i] && !str_eq(l->v[i], "HOME="))
			add(p, l->v[i]);
	}
}

int env_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	const struct str_list *l = &s->process.env;
	unsigned listen_fds = p->options ? p->options->listen_fds : 0;
	struct names seen = names_new(&p->arena, l->n + 3);

	(void)h;
	(void)e;
	/* Ours: three for LISTEN_*, one for HOME, one for the end. */
	p->envp = arena_calloc(&p->arena, l->n + 5, sizeof(*p->envp));
	p->n_envp = 0;
	p->home_entry = NULL;
	if (listen_fds) {
		char *fds = arena_printf(&p->arena, "LISTEN_FDS=%u", listen_fds);

		(void)names_add(&seen, fds);
		(void)names_add(&seen, "LISTEN_PID=");
		(void)names_add(&seen, "LISTEN_FDNAMES=");
		add_list(p, l, &seen);
		add(p, fds);
		add(p, "LISTEN_PID=1");
		if (p->options->listen_names)
			add(p, arena_printf(&p->arena, "LISTEN_FDNAMES=%s",
					    p->options->listen_names));
	} else {
		add_list(p, l, &seen);
	}
	if (!env_get(p->envp, "HOME"))
		p->home_entry = arena_alloc(&p->arena, ENV_HOME_SIZE);
	return 0;
}

const char *env_get(char *const envp[], const char *name)
{
	size_t len = strlen(name);

	for (; *envp; envp++) {
		if (strncmp(*envp, name, len) == 0 && (*envp)[len] == '=')
			return *envp + len + 1;
	}
	return NULL;
}

/* name:password:uid:gid:comment:home:shell; cuts the line up. */
static const char *home_of_line(char *line, uint32_t uid)
{
	char *field[7] = { line };
	uint32_t is;

	for (size_t i = 1; i < N_ELEMENTS(field); i++) {
		field[i] = strchr(field[i - 1], ':');
		if (!field[i])
			return NULL;
		*field[i]++ = '\0';
	}
	if (num_parse_u32(field[2], &is) < 0 || is != uid || !*field[5])
		return NULL;
	return field[5];
}

struct passwd_reader {
	uint32_t uid;
	char *home; /* of ENV_HOME_SIZE - strlen("HOME=") bytes */
	size_t len;
	char line[PASSWD_LINE_MAX];
};

static bool end_line(struct passwd_reader *r)
{
	const char *home;

	r->line[r->len] = '\0';
	r->len = 0;
	home = home_of_line(r->line, r->uid);
	if (home)
		(void)str_format(r->home, PASSWD_LINE_MAX, "%s", home);
	return home != NULL;
}

/* A line that is too long loses its end, and with it its home or nothing that counts. */
static bool feed(struct passwd_reader *r, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (data[i] == '\n') {
			if (end_line(r))
				return true;
		} else if (r->len < sizeof(r->line) - 1) {
			r->line[r->len++] = data[i];
		}
	}
	return false;
}

/* The last line may lack its end. */
static bool read_home(int fd, struct passwd_reader *r)
{
	size_t total = 0;
	char data[4096];
	ssize_t n;

	while ((n = sys_read(fd, data, sizeof(data))) > 0) {
		total += (size_t)n;
		if (total > PASSWD_SIZE_MAX)
			return false;
		if (feed(r, data, (size_t)n))
			return true;
	}
	return n == 0 && r->len && end_line(r);
}

static bool find_home(int root_fd, uint32_t uid, char *home)
{
	struct passwd_reader reader = { .uid = uid, .home = home };
	autofd int fd =
		beneath_open(root_fd, "/etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || sys_fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > PASSWD_SIZE_MAX)
		return false;
	return read_home(fd, &reader);
}

int env_init(const struct plan *p, struct inside *in, struct err *e)
{
	char *value;

	(void)e;
	if (!p->home_entry)
		return 0;
	value = p->home_entry + strlen("HOME=");
	memcpy(p->home_entry, "HOME=", strlen("HOME="));
	if (!find_home(in->root_fd, p->spec->process.user.uid, value))
		memcpy(value, "/", sizeof("/"));
	p->envp[p->n_envp] = p->home_entry;
	return 0;
}

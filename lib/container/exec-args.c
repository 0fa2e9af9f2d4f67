/* SPDX-License-Identifier: Apache-2.0 */
/* exec-args.c - apply `exec`'s options to a process; see exec-args.h. */
#include "container/exec-args.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "process/caps.h"
#include "spec/config.h"
#include "tare.h"

/* "UID[:GID]", numbers only: a bad number is never tried as a name. */
static int parse_user(const char *text, struct spec_user *u, struct err *e)
{
	char uid[16];
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	uint32_t gid = 0, id = 0;
	int r = -EINVAL;

	if (len < sizeof(uid)) {
		memcpy(uid, text, len);
		uid[len] = '\0';
		r = num_parse_u32(uid, &id);
	}
	if (r >= 0 && colon)
		r = num_parse_u32(colon + 1, &gid);
	if (r < 0 || id == UINT32_MAX || gid == UINT32_MAX)
		return err_hint(e, err_usage(e, "'%s' is not a user", text),
				"--user takes UID or UID:GID, as numbers");
	u->uid = id;
	u->gid = gid;
	return 0;
}

static void set_list(struct arena *a, struct str_list *list, char *const *v)
{
	size_t n = 0;

	while (v[n])
		n++;
	list->v = arena_calloc(a, n + 1, sizeof(*list->v));
	for (size_t i = 0; i < n; i++)
		list->v[i] = v[i];
	list->n = n;
	list->is_set = true;
}

static void add_to_list(struct arena *a, struct str_list *list, const char *const *more,
			size_t n)
{
	const char **v = arena_calloc(a, list->n + n + 1, sizeof(*v));

	for (size_t i = 0; i < list->n; i++)
		v[i] = list->v[i];
	for (size_t i = 0; i < n; i++)
		v[list->n + i] = more[i];
	list->v = v;
	list->n += n;
	list->is_set = true;
}

int exec_args_replace(struct spec *s, const struct tare_exec_args *a, struct err *e)
{
	struct spec_process *p = &s->process;

	if (!a->argv || !a->argv[0])
		return err_usage(e, "there is no program to run");
	p->is_set = true;
	p->terminal = a->terminal;
	set_list(&s->arena, &p->args, a->argv);
	if (a->n_env)
		add_to_list(&s->arena, &p->env, a->env, a->n_env);
	if (a->cwd)
		p->cwd = a->cwd;
	if (!p->cwd)
		p->cwd = "/";
	return a->user ? parse_user(a->user, &p->user, e) : 0;
}

/* "NET_ADMIN" and "CAP_NET_ADMIN" alike; a name no kernel knows is the caller's mistake.
 */
static int full_names(struct arena *arena, const struct tare_exec_args *a,
		      const char ***ret, struct err *e)
{
	const char **names = arena_calloc(arena, a->n_caps, sizeof(*names));

	for (size_t i = 0; i < a->n_caps; i++) {
		const char *name = a->caps[i];

		names[i] = str_after(name, "CAP_") ? name
						   : arena_printf(arena, "CAP_%s", name);
		if (caps_parse(names[i]) < 0)
			return err_usage(e, "unknown capability \"%s\"", name);
	}
	*ret = names;
	return 0;
}

/* Never inheritable: the program's children must not get them (CVE-2022-29162). */
static int add_caps(struct spec *s, const struct tare_exec_args *a, struct err *e)
{
	struct spec_capabilities *c = &s->process.capabilities;
	const char **names = NULL;
	int r = full_names(&s->arena, a, &names, e);

	if (r < 0)
		return r;
	c->is_set = true;
	add_to_list(&s->arena, &c->bounding, names, a->n_caps);
	add_to_list(&s->arena, &c->effective, names, a->n_caps);
	add_to_list(&s->arena, &c->permitted, names, a->n_caps);
	return 0;
}

static int add_groups(struct spec *s, const struct tare_exec_args *a, struct err *e)
{
	struct u32_list *list = &s->process.user.additional_gids;
	uint32_t *v = arena_calloc(&s->arena, list->n + a->n_additional_gids, sizeof(*v));

	for (size_t i = 0; i < list->n; i++)
		v[i] = list->v[i];
	for (size_t i = 0; i < a->n_additional_gids; i++) {
		if (a->additional_gids[i] == (gid_t)-1)
			return err_usage(e, "%u is not a group", a->additional_gids[i]);
		v[list->n + i] = a->additional_gids[i];
	}
	list->v = v;
	list->n += a->n_additional_gids;
	return 0;
}

int exec_args_change(struct spec *s, const struct tare_exec_args *a, struct err *e)
{
	int r = 0;

	if (!str_empty(a->apparmor) || !str_empty(a->process_label))
		return err_unsupported(e, "not supported yet: security labels");
	if (a->n_cgroup)
		return err_unsupported(e, "not supported yet: --cgroup");
	s->process.no_new_privileges |= a->no_new_privs;
	if (a->n_caps)
		r = add_caps(s, a, e);
	if (r >= 0 && a->n_additional_gids)
		r = add_groups(s, a, e);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* create.h - what `create` and `run` have in common: how a container is made. */
#pragma once

#include "command.h"
#include "tare.h"

struct create_args {
	const char *bundle, *config, *console_socket, *pid_file, *pidfd_socket;
	bool no_pivot, no_new_keyring;
	unsigned preserve_fds;
};

/* Rows of an option table; T is the args struct, whose member `create` this is. */
/* clang-format off */
#define CREATE_OPTIONS(T)                                                                  \
	{ 'b', "bundle", OPT_STRING, offsetof(struct T, create.bundle), "DIR",             \
	  "directory with config.json and the root file system; by default this one" },    \
	{ 'f', "config", OPT_STRING, offsetof(struct T, create.config), "FILE",            \
	  "read this instead of the bundle's config.json" },                               \
	{ 0, "console-socket", OPT_STRING, offsetof(struct T, create.console_socket),      \
	  "SOCKET", "send the master side of the container's terminal to this socket" },   \
	{ 0, "pid-file", OPT_STRING, offsetof(struct T, create.pid_file), "FILE",          \
	  "write the pid of the container's init to FILE, last of all" },                  \
	{ 0, "pidfd-socket", OPT_STRING, offsetof(struct T, create.pidfd_socket),          \
	  "SOCKET", "send a pidfd of the container's init to this socket" },               \
	{ 0, "no-pivot", OPT_FLAG, offsetof(struct T, create.no_pivot), NULL,              \
	  "use chroot instead of pivot_root; for a root file system on a ramdisk" },       \
	{ 0, "no-new-keyring", OPT_FLAG, offsetof(struct T, create.no_new_keyring), NULL,  \
	  "leave the caller's session keyring to the container" },                         \
	{ 0, "preserve-fds", OPT_UINT, offsetof(struct T, create.preserve_fds), "N",       \
	  "hand on N more descriptors, from 3 on" },                                       \
	{ 0, "no-subreaper", OPT_IGNORED, 0, NULL,                                         \
	  "ignored; for callers of other runtimes" }
/* clang-format on */

/* Into the library's terms; borrows from all of them. */
void create_fill(const struct create_args *a, const struct global_args *g, const char *id,
		 struct tare_create_args *ret);

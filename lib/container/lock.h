/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock.h - one writer per container: flock(2) on the state directory itself.
 *
 * Held over create and over changes of state, never while `start` waits for the
 * program, never inherited by init (it closes every descriptor first thing).
 */
#pragma once

struct tare_container;
struct err;

/*
 * Open and lock c's state directory into c->dir_fd, waiting at most timeout_ms.
 * -ENOENT: there is no such container (any more); -EBUSY: somebody else works on it.
 */
int lock_take(struct tare_container *c, int timeout_ms, struct err *e);
void lock_drop(struct tare_container *c);

/*
 * Lock the directory that a lock_take() of ours has left in c->dir_fd. -ENOENT: its name
 * leads to nothing, or to what somebody else has made since.
 */
int lock_again(struct tare_container *c, int timeout_ms, struct err *e);

/* Is somebody else holding it? */
int lock_is_busy(struct tare_container *c);

#define LOCK_TIMEOUT_MS 10000

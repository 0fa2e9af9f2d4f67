/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - where warnings, debug lines and the one error go.
 *
 * The error goes to standard error, always, and to the file of --log as exactly one
 * record: podman takes the whole file for one JSON value, containerd takes the last
 * error in it. Warnings go to standard error; with --log-level or --debug all that is
 * said goes to the file, if there is one.
 */
#pragma once

struct err;
struct global_args;

/* g is borrowed until the program ends. */
void log_setup(const struct global_args *g);

void log_report(const struct global_args *g, const struct err *e);

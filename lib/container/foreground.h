/* SPDX-License-Identifier: Apache-2.0 */
/* foreground.h - the part of tare_foreground() that comes before the program runs. */
#pragma once

/*
 * Make the terminal of a program fit ours: its size, and whether it adds carriage
 * returns. For create and exec in the foreground, as soon as they have the master
 * side, so that the program never sees it otherwise. Best effort.
 */
void foreground_prepare(int console_fd);

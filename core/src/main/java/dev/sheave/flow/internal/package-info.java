/**
 * The class path of a program as the virtual machine sees it: what of it goes with a flow, how a
 * run finds it again, and what a new process of the same program is started with.
 */
@NullMarked
package dev.sheave.flow.internal;

import org.jspecify.annotations.NullMarked;

/**
 * How log lines of a flow run get to its record and to standard output. Not for users: it may
 * change with any version.
 */
@NullMarked
package dev.sheave.runtime.internal;

import org.jspecify.annotations.NullMarked;

/** Tests of how flows are named, described and called. */
@NullMarked
package dev.sheave.flow;

import org.jspecify.annotations.NullMarked;

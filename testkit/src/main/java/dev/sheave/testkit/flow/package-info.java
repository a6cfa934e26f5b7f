/** Unit tests of flows: a run to call them in, with blocks and storage of its own. */
@NullMarked
package dev.sheave.testkit.flow;

import org.jspecify.annotations.NullMarked;

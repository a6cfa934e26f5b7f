/** What Sheave's packages share and users don't see. */
@NullMarked
package dev.sheave.internal;

import org.jspecify.annotations.NullMarked;

/** What Sheave's own modules share around the records. */
@NullMarked
package dev.sheave.api.internal;

import org.jspecify.annotations.NullMarked;

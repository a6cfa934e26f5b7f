/** What the API and the pages share. */
@NullMarked
package dev.sheave.server.internal;

import org.jspecify.annotations.NullMarked;

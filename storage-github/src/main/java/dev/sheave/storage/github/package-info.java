/** The {@code github} block: storage in a Git repository, on GitHub or any other host. */
@NullMarked
package dev.sheave.storage.github;

import org.jspecify.annotations.NullMarked;

/** What the launcher runs once in the background, so that later commands start quickly. */
@NullMarked
package dev.sheave.cli.training;

import org.jspecify.annotations.NullMarked;

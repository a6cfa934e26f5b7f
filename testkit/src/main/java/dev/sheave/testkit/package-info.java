/**
 * Contract tests for blocks, storage and infrastructure. A backend's own tests extend them, in
 * Sheave and outside of it.
 */
@NullMarked
package dev.sheave.testkit;

import org.jspecify.annotations.NullMarked;

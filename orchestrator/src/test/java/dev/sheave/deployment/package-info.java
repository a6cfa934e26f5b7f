/** Tests of deployments over a store. */
@NullMarked
package dev.sheave.deployment;

import org.jspecify.annotations.NullMarked;

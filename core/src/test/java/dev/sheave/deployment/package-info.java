/** Tests of deployments and their files. */
@NullMarked
package dev.sheave.deployment;

import org.jspecify.annotations.NullMarked;

/**
 * Deployments: a flow, its code in storage, and the infrastructure and parameters its runs start
 * with.
 */
@NullMarked
package dev.sheave.deployment;

import org.jspecify.annotations.NullMarked;

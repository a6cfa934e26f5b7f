/**
 * The agent: it polls work queues, claims flow runs, submits them to infrastructure, and watches
 * and kills the runs it started.
 */
@NullMarked
package dev.sheave.agent;

import org.jspecify.annotations.NullMarked;

/** Filters, orders and pages as SQL. */
@NullMarked
package dev.sheave.orchestrator.internal.query;

import org.jspecify.annotations.NullMarked;

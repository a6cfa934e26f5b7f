/** The contract of {@link dev.sheave.api.OrchestrationApi}, as tests. */
@NullMarked
package dev.sheave.testkit.orchestration;

import org.jspecify.annotations.NullMarked;

/** The API keys of servers, which are kept as hashes. */
@NullMarked
package dev.sheave.orchestrator.internal.key;

import org.jspecify.annotations.NullMarked;

/**
 * How values are kept from sight: the encryption of documents, and the masks that stand for
 * secrets.
 */
@NullMarked
package dev.sheave.orchestrator.internal.secret;

import org.jspecify.annotations.NullMarked;

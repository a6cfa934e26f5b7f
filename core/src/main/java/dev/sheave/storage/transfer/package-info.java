/**
 * Moving directory trees to and from stores: one engine for every backend, over a small object
 * store contract.
 */
@NullMarked
package dev.sheave.storage.transfer;

import org.jspecify.annotations.NullMarked;

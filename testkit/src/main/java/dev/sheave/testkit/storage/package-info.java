/**
 * What a storage backend has to do, as tests to extend: {@link
 * dev.sheave.testkit.storage.ObjectStoreContract} for what it implements, {@link
 * dev.sheave.testkit.storage.StorageContract} and {@link
 * dev.sheave.testkit.storage.FileSystemContract} for the block over it, and {@link
 * dev.sheave.testkit.storage.KilledPutContract} for uploads that are killed. And stores to test
 * with what is built on stores: {@link dev.sheave.testkit.storage.MemoryObjectStore} and {@link
 * dev.sheave.testkit.storage.FaultyObjectStore}. What errors have to be says {@link
 * dev.sheave.testkit.storage.Refusal}.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.testkit.storage;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;

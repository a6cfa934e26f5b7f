/**
 * What a storage backend has to do, as tests to extend: {@link
 * dev.sheave.testkit.storage.ObjectStoreContract} for what it implements, {@link
 * dev.sheave.testkit.storage.StorageContract} for the block over it.
 */
@NullMarked
package dev.sheave.testkit.storage;

import org.jspecify.annotations.NullMarked;

/**
 * How backends reach servers: bounds on what these send, proxies, trusted certificates, addresses,
 * and connections that are shared. For those who write a backend.
 */
@NullMarked
package dev.sheave.storage.net;

import org.jspecify.annotations.NullMarked;

/** How Sheave reaches servers: proxies, and addresses that name a credential. Not API. */
@NullMarked
package dev.sheave.storage.internal.net;

import org.jspecify.annotations.NullMarked;

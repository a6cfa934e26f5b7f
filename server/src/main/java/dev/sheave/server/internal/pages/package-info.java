/**
 * The pages of the server, made on the server for a browser: they show and change the records by
 * the API of the same process.
 */
@NullMarked
package dev.sheave.server.internal.pages;

import org.jspecify.annotations.NullMarked;

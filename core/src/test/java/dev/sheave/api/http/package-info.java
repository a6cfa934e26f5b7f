/** Tests of the client of the orchestration protocol. */
@NullMarked
package dev.sheave.api.http;

import org.jspecify.annotations.NullMarked;

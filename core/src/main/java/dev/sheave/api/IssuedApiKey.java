package dev.sheave.api;

import dev.sheave.block.Secret;

/**
 * An API key that was made now.
 *
 * @param record what is kept of it
 * @param secret the key itself, which isn't kept
 */
public record IssuedApiKey(ApiKeyRecord record, Secret secret) {}

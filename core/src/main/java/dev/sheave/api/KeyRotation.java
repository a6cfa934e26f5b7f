package dev.sheave.api;

/**
 * The result of a rotation of the encryption key of secrets.
 *
 * @param documents how many block documents were re-encrypted with the new key
 * @param isResumed whether this completed an interrupted rotation
 * @param isInFile whether the key is in a file, which has the new key now; otherwise the
 *     environment must be set to the new key
 */
public record KeyRotation(int documents, boolean isResumed, boolean isInFile) {}

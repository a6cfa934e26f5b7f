package dev.sheave.api;

/**
 * What became of a rotation of the key that secrets are encrypted with.
 *
 * @param documents how many block documents were moved to the new key
 * @param isResumed whether this finished a rotation that was interrupted
 * @param isInFile whether the key lies in a file, and the file has the new one now; otherwise it is
 *     the environment that must say the new one from now on
 */
public record KeyRotation(int documents, boolean isResumed, boolean isInFile) {}

package dev.sheave.runtime.internal;

/** Marks the class loaders of flow code: what they load logs as loudly as it was asked to. */
public interface FlowCodeLoader {}

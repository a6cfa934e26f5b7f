package dev.sheave.runtime.internal;

/** Marks the class loaders of flow code, whose classes log at the configured level. */
public interface FlowCodeLoader {}

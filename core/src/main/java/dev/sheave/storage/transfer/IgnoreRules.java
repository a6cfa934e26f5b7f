package dev.sheave.storage.transfer;

public final class IgnoreRules {}

package dev.sheave.api;

/** What an API key is good for. Each scope includes those before it. */
public enum KeyScope {
  /** To read records, without secrets. */
  READ,
  /** To run flows: to read secrets, and to change what runs change. */
  RUN,
  /** To change everything. */
  ADMIN
}

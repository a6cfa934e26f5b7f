package dev.sheave.server;

/** What a key must be good for to use a route. Each scope includes those before it. */
enum Scope {
  /** Nothing: the route tells nothing of the records. */
  NONE,
  /** To read records, without secrets. */
  READ,
  /** To run flows: to read secrets, and to change what runs change. */
  RUN,
  /** To change everything. */
  ADMIN
}

package dev.sheave.api;

import java.util.List;

/** The changes that were made through the servers of a store. Safe for use by several threads. */
public interface AuditApi {

  /** Adds changes. */
  void addChanges(List<AuditRecord> changes);

  /** Lists changes, newest first. */
  List<AuditRecord> listChanges(Page page);
}

package dev.sheave.testkit.storage;

import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects the warnings of transfers. Safe for use by several threads. */
public final class Warnings implements TransferListener {
  private final List<String> all = new CopyOnWriteArrayList<>();

  /** Without any yet. */
  public Warnings() {}

  @Override
  public void warning(String message) {
    all.add(message);
  }

  /** The warnings since it was made, in order. */
  public List<String> all() {
    return List.copyOf(all);
  }

  /** The default options, with this as the listener. */
  public TransferOptions options() {
    return TransferOptions.DEFAULTS.withListener(this);
  }
}

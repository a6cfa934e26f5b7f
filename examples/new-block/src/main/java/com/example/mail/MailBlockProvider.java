package com.example.mail;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** Tells Sheave which block types are in this jar. */
public final class MailBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public MailBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "mail-server", "Mail Server", Set.of(), "com.example.mail.MailServer"));
  }
}

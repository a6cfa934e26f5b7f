package dev.sheave.cli.types;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.storage.WritableStorage;

/** A type with blocks in it: one of a type, one with a capability. */
@BlockType(slug = "mailer", name = "Mailer", description = "Sends mail and keeps a copy.")
public final class Mailer extends Block {
  final MailServer server;
  final WritableStorage archive;

  Mailer(
      @BlockField(description = "What sends.") MailServer server,
      @BlockField(description = "Where copies go.") WritableStorage archive) {
    this.server = server;
    this.archive = archive;
  }
}

package dev.sheave.cli.types;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** Makes the types of this package known. */
public final class MailBlockProvider implements BlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public MailBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor("mail-server", "Mail Server", Set.of(), MailServer.class.getName()),
        new BlockTypeDescriptor(
            "handbook", "Handbook", Set.of("get-directory"), Handbook.class.getName()),
        new BlockTypeDescriptor("mailer", "Mailer", Set.of(), Mailer.class.getName()));
  }
}

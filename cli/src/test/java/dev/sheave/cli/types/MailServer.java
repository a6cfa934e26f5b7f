package dev.sheave.cli.types;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type with fields of many kinds. */
@BlockType(slug = "mail-server", name = "Mail Server", description = "A server that sends mail.")
public final class MailServer extends Block {
  final String host;
  final int port;
  final Encryption encryption;
  final Secret password;
  final @Nullable List<String> aliases;
  final @Nullable Limits limits;

  /** How a connection is protected. */
  public enum Encryption {
    /** Not at all. */
    NONE,
    /** After it was opened. */
    STARTTLS,
    /** From its start. */
    TLS
  }

  /**
   * How much may be sent.
   *
   * @param perMinute messages
   * @param timeout how long to wait
   */
  public record Limits(
      @BlockField(description = "How many messages may be sent in a minute.") int perMinute,
      @BlockField(description = "How long to wait.", defaultValue = "30") Duration timeout) {}

  MailServer(
      @BlockField(description = "The server's name.", placeholder = "smtp.example.com") String host,
      @BlockField(description = "The server's port.", defaultValue = "587") int port,
      @BlockField(description = "How connections are protected.") Encryption encryption,
      @BlockField(description = "The sender's password.") Secret password,
      @BlockField(description = "Other names.") @Nullable List<String> aliases,
      @BlockField(description = "How much may be sent.") @Nullable Limits limits) {
    this.host = host;
    this.port = port;
    this.encryption = encryption;
    this.password = password;
    this.aliases = aliases;
    this.limits = limits;
  }
}

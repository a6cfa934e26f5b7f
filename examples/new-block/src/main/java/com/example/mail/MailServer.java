package com.example.mail;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A server that sends mail. */
@BlockType(
    slug = "mail-server",
    name = "Mail Server",
    description = "A server that sends mail over SMTP.",
    logo = "mail-server.svg",
    documentationUrl = "https://example.com/docs/mail-server",
    codeExample =
        """
        ```java
        import java.net.URI;

        MailServer server = Block.load("mail-server/BLOCK_NAME", MailServer.class);
        URI address = server.address();
        ```""")
public final class MailServer extends Block {
  private final String host;
  private final int port;
  private final String user;
  private final Secret password;
  private final @Nullable Limits limits;

  private MailServer(
      @BlockField(description = "The server's name.", placeholder = "smtp.example.com") String host,
      @BlockField(description = "The server's port.", defaultValue = "587") int port,
      @BlockField(description = "The sender.") String user,
      @BlockField(description = "The sender's password.") Secret password,
      @BlockField(description = "How much may be sent; unlimited if absent.")
          @Nullable Limits limits) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
    this.limits = limits;
  }

  /** Where the server is. */
  public URI address() {
    return URI.create("smtp://" + host + ":" + port);
  }

  /** The sender. */
  public String user() {
    return user;
  }

  /** The sender's password. */
  public Secret password() {
    return password;
  }

  /** How much may be sent; null if unlimited. */
  public @Nullable Limits limits() {
    return limits;
  }

  @Override
  public MailServer save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public MailServer save(String name, SaveMode mode) {
    return (MailServer) super.save(name, mode);
  }

  /** Starts a block. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts a changed copy of this block. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Puts a block together. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<MailServer> {
    private @Nullable String host;
    private int port = 587;
    private @Nullable String user;
    private @Nullable Secret password;
    private @Nullable Limits limits;

    private Builder(@Nullable MailServer original) {
      super(original);
      if (original != null) {
        host = original.host;
        port = original.port;
        user = original.user;
        password = original.password;
        limits = original.limits;
      }
    }

    /** Sets the server's name. */
    public Builder host(String value) {
      host = value;
      return this;
    }

    /** Sets the server's port; 587 by default. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Sets the sender. */
    public Builder user(String value) {
      user = value;
      return this;
    }

    /** Sets the sender's password. */
    public Builder password(Secret value) {
      password = value;
      return this;
    }

    /** Sets how much may be sent; null if unlimited. */
    public Builder limits(@Nullable Limits value) {
      limits = value;
      return this;
    }

    @Override
    protected MailServer create() {
      return new MailServer(
          required(host, "host"),
          port,
          required(user, "user"),
          required(password, "password"),
          limits);
    }
  }
}

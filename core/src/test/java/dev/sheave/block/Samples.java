package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Block types of the tests. */
final class Samples {
  private Samples() {}

  /** A user, a password and a port: the reference's example of a block. */
  @BlockType(slug = "my-creds", name = "My Creds", description = "My creds block.")
  static final class Creds extends Block {
    final String user;
    final Secret password;
    final int port;

    Creds(
        @BlockField(description = "Who.") String user,
        @BlockField(description = "The password.") Secret password,
        @BlockField(description = "The port.", defaultValue = "5432") int port) {
      if (port < 0) {
        throw new IllegalArgumentException("a port can't be negative");
      }
      this.user = user;
      this.password = password;
      this.port = port;
    }

    Builder toBuilder() {
      return new Builder(this);
    }

    static final class Builder extends Block.Builder<Creds> {
      private final Creds original;
      private int port;

      Builder(Creds original) {
        super(original);
        this.original = original;
        this.port = original.port;
      }

      Builder port(int value) {
        this.port = value;
        return this;
      }

      @Override
      protected Creds create() {
        return new Creds(original.user, original.password, port);
      }
    }
  }

  /** One that holds another. */
  @BlockType(slug = "my-db", name = "My Db", description = "A nested block.")
  static final class Db extends Block {
    final Creds creds;
    final String database;

    Db(
        @BlockField(description = "Who may.") Creds creds,
        @BlockField(description = "Where.", defaultValue = "\"db\"") String database) {
      this.creds = creds;
      this.database = database;
    }
  }

  enum Color {
    RED,
    @BlockField(name = "deep-blue", description = "Not a name in Java.")
    BLUE
  }

  record Endpoint(
      @BlockField(description = "The host.") String host,
      @BlockField(description = "The port.", defaultValue = "80") int port) {}

  record Tree(String name, List<Tree> children) {}

  sealed interface Auth permits Password, Token, Anonymous {}

  record Password(String user, Secret password) implements Auth {}

  record Token(Secret token) implements Auth {}

  record Anonymous() implements Auth {}

  /** Every type a field can have. */
  @BlockType(slug = "everything", name = "Everything", description = "All types.")
  static final class Everything extends Block {
    final String text;
    final int whole;
    final long big;
    final BigInteger huge;
    final double fraction;
    final BigDecimal exact;
    final boolean truth;
    final Color color;
    final Instant instant;
    final OffsetDateTime offsetTime;
    final ZonedDateTime zonedTime;
    final LocalDateTime localTime;
    final LocalDate date;
    final LocalTime time;
    final ZoneId zone;
    final Duration duration;
    final URI uri;
    final UUID uuid;
    final List<String> list;
    final Set<Color> set;
    final Map<String, Integer> map;
    final List<@Nullable String> holes;
    final Map<String, @Nullable String> unset;
    final Optional<String> optional;
    final @Nullable Integer nullable;
    final Endpoint endpoint;
    final Map<String, List<Endpoint>> endpoints;
    final Tree tree;
    final Auth auth;
    final Object any;

    Everything(
        @BlockField(description = "A field.") String text,
        @BlockField(description = "A field.") int whole,
        @BlockField(description = "A field.") long big,
        @BlockField(description = "A field.") BigInteger huge,
        @BlockField(description = "A field.") double fraction,
        @BlockField(description = "A field.") BigDecimal exact,
        @BlockField(description = "A field.") boolean truth,
        @BlockField(description = "A field.") Color color,
        @BlockField(description = "A field.") Instant instant,
        @BlockField(description = "A field.") OffsetDateTime offsetTime,
        @BlockField(description = "A field.") ZonedDateTime zonedTime,
        @BlockField(description = "A field.") LocalDateTime localTime,
        @BlockField(description = "A field.") LocalDate date,
        @BlockField(description = "A field.") LocalTime time,
        @BlockField(description = "A field.") ZoneId zone,
        @BlockField(description = "A field.") Duration duration,
        @BlockField(description = "A field.") URI uri,
        @BlockField(description = "A field.") UUID uuid,
        @BlockField(description = "A field.") List<String> list,
        @BlockField(description = "A field.") Set<Color> set,
        @BlockField(description = "A field.") Map<String, Integer> map,
        @BlockField(description = "A field.") List<@Nullable String> holes,
        @BlockField(description = "A field.") Map<String, @Nullable String> unset,
        @BlockField(description = "A field.") Optional<String> optional,
        @BlockField(description = "A field.", defaultValue = "60") @Nullable Integer nullable,
        @BlockField(description = "A field.") Endpoint endpoint,
        @BlockField(description = "A field.") Map<String, List<Endpoint>> endpoints,
        @BlockField(description = "A field.") Tree tree,
        @BlockField(description = "A field.") Auth auth,
        @BlockField(description = "A field.") Object any) {
      this.text = text;
      this.whole = whole;
      this.big = big;
      this.huge = huge;
      this.fraction = fraction;
      this.exact = exact;
      this.truth = truth;
      this.color = color;
      this.instant = instant;
      this.offsetTime = offsetTime;
      this.zonedTime = zonedTime;
      this.localTime = localTime;
      this.date = date;
      this.time = time;
      this.zone = zone;
      this.duration = duration;
      this.uri = uri;
      this.uuid = uuid;
      this.list = list;
      this.set = set;
      this.map = map;
      this.holes = holes;
      this.unset = unset;
      this.optional = optional;
      this.nullable = nullable;
      this.endpoint = endpoint;
      this.endpoints = endpoints;
      this.tree = tree;
      this.auth = auth;
      this.any = any;
    }
  }

  sealed interface Notifier permits Mail, Chat {}

  @BlockType(slug = "mail", name = "Mail", description = "Tells by mail.")
  static final class Mail extends Block implements Notifier {
    final String address;

    Mail(@BlockField(description = "To whom.") String address) {
      this.address = address;
    }
  }

  @BlockType(slug = "chat", name = "Chat", description = "Tells in a chat.")
  static final class Chat extends Block implements Notifier {
    final Secret webhook;

    Chat(@BlockField(description = "Where.") Secret webhook) {
      this.webhook = webhook;
    }
  }

  @Capability("greet")
  interface Greeter {}

  @BlockType(slug = "polite", name = "Polite", description = "Greets.")
  static final class Polite extends Block implements Greeter {
    final Secret word;

    Polite(@BlockField(description = "What it says.") Secret word) {
      this.word = word;
    }
  }

  record Channel(String name, Notifier notifier) {}

  /** Whose constructor says which field is wrong. */
  record Limits(int most) {
    Limits {
      new FieldChecks()
          .check(
              "most",
              () -> {
                if (most < 0) {
                  throw new SheaveException(Code.INVALID, "The most can't be negative.");
                }
              })
          .throwIfAny();
    }
  }

  /** Has them in it. */
  @BlockType(slug = "limited", name = "Limited", description = "Has limits.")
  static final class Limited extends Block {
    final Limits limits;

    Limited(@BlockField(description = "The limits.") Limits limits) {
      this.limits = limits;
    }
  }

  /** Blocks in all the places where they can be. */
  @BlockType(slug = "nest", name = "Nest", description = "Holds blocks.")
  static final class Nest extends Block {
    final @Nullable Creds creds;
    final @Nullable Notifier notifier;
    final @Nullable Greeter greeter;
    final List<Creds> list;
    final Map<String, Notifier> map;
    final @Nullable Channel channel;

    Nest(
        @BlockField(description = "A block.") @Nullable Creds creds,
        @BlockField(description = "One of some.") @Nullable Notifier notifier,
        @BlockField(description = "Any that can.") @Nullable Greeter greeter,
        @BlockField(description = "Many.", defaultValue = "[]") List<Creds> list,
        @BlockField(description = "By name.", defaultValue = "{}") Map<String, Notifier> map,
        @BlockField(description = "In a record.") @Nullable Channel channel) {
      this.creds = creds;
      this.notifier = notifier;
      this.greeter = greeter;
      this.list = list;
      this.map = map;
      this.channel = channel;
    }
  }

  record Vault(String label, Secret key, @Nullable Vault inner) {}

  /** Secrets in all the places where they can be. */
  @BlockType(slug = "secrets", name = "Secrets", description = "Holds secrets.")
  static final class Secrets extends Block {
    final Secret plain;
    final @Nullable Secret nullable;
    final Optional<Secret> optional;
    final List<Secret> list;
    final Map<String, Secret> map;
    final SecretMap settings;
    final Vault vault;
    final List<Vault> vaults;
    final Auth auth;
    final @Nullable Creds creds;
    final @Nullable Greeter greeter;
    final List<Creds> manyCreds;
    final Map<String, Vault> namedVaults;
    final Map<String, Creds> namedCreds;
    final List<Map<String, Secret>> maps;

    Secrets(
        @BlockField(description = "One.") Secret plain,
        @BlockField(description = "One or none.") @Nullable Secret nullable,
        @BlockField(description = "One or none.") Optional<Secret> optional,
        @BlockField(description = "Many.") List<Secret> list,
        @BlockField(description = "By name.") Map<String, Secret> map,
        @BlockField(description = "All of it.") SecretMap settings,
        @BlockField(description = "In a record.") Vault vault,
        @BlockField(description = "In records.") List<Vault> vaults,
        @BlockField(description = "In one of some records.") Auth auth,
        @BlockField(description = "In a block.") @Nullable Creds creds,
        @BlockField(description = "In any block.") @Nullable Greeter greeter,
        @BlockField(description = "In blocks.", defaultValue = "[]") List<Creds> manyCreds,
        @BlockField(description = "In records by name.") Map<String, Vault> namedVaults,
        @BlockField(description = "In blocks by name.") Map<String, Creds> namedCreds,
        @BlockField(description = "In maps in a list.") List<Map<String, Secret>> maps) {
      this.plain = plain;
      this.nullable = nullable;
      this.optional = optional;
      this.list = list;
      this.map = map;
      this.settings = settings;
      this.vault = vault;
      this.vaults = vaults;
      this.auth = auth;
      this.creds = creds;
      this.greeter = greeter;
      this.manyCreds = manyCreds;
      this.namedVaults = namedVaults;
      this.namedCreds = namedCreds;
      this.maps = maps;
    }
  }

  /** An infrastructure block that starts nothing. */
  @BlockType(slug = "idle", name = "Idle", description = "Starts nothing.")
  static final class Idle extends Block implements Infrastructure {
    final Map<String, @Nullable String> env;
    final boolean streamOutput;

    Idle(
        @BlockField(description = "The environment.", defaultValue = "{}")
            Map<String, @Nullable String> env,
        @BlockField(description = "Whether.", defaultValue = "true") boolean streamOutput) {
      this.env = env;
      this.streamOutput = streamOutput;
    }

    @Override
    public RunningInfrastructure start(RunRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RunningInfrastructure attach(
        RunRequest request, @Nullable String pid, @Nullable String position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String preview(RunRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void check() {
      throw new UnsupportedOperationException();
    }
  }
}

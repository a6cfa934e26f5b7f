package dev.sheave.block;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Block types of the tests, one of them in two versions. */
final class StoredTypes {
  private StoredTypes() {}

  @BlockType(slug = "my-creds", name = "My Creds", description = "Who may.")
  static final class Creds extends Block {
    final String user;
    final Secret password;

    Creds(
        @BlockField(description = "Who.") String user,
        @BlockField(description = "The password.") Secret password) {
      this.user = user;
      this.password = password;
    }

    Creds withUser(String other) {
      return new Builder<Creds>(this) {
        @Override
        protected Creds create() {
          return new Creds(other, password);
        }
      }.build();
    }
  }

  @BlockType(slug = "my-db", name = "My Db", description = "Holds a block.")
  static final class Db extends Block {
    final Creds creds;
    final String database;
    final List<Creds> readers;

    Db(
        @BlockField(description = "Who may write.") Creds creds,
        @BlockField(description = "Which.") String database,
        @BlockField(description = "Who may read.", defaultValue = "[]") List<Creds> readers) {
      this.creds = creds;
      this.database = database;
      this.readers = readers;
    }

    Db(Creds creds, String database) {
      this(creds, database, List.of());
    }

    Db withDatabase(String other) {
      return new Builder<Db>(this) {
        @Override
        protected Db create() {
          return new Db(creds, other, readers);
        }
      }.build();
    }
  }

  @Capability("link")
  interface Link {}

  @BlockType(slug = "chain", name = "Chain", description = "May lead to another.")
  static final class Chain extends Block implements Link {
    final @Nullable Link next;

    Chain(@BlockField(description = "The next.") @Nullable Link next) {
      this.next = next;
    }
  }

  /** The first version of a class. */
  static final class First {
    private First() {}

    @BlockType(slug = "service", name = "Service", description = "A service.")
    static final class Service extends Block {
      final String host;
      final int port;

      Service(
          @BlockField(description = "Where.") String host,
          @BlockField(description = "At which port.", defaultValue = "80") int port) {
        this.host = host;
        this.port = port;
      }

      Service withHost(String other) {
        return new Builder<Service>(this) {
          @Override
          protected Service create() {
            return new Service(other, port);
          }
        }.build();
      }
    }
  }

  /** The second version, which needs a region, has a token, and has no port any more. */
  static final class Second {
    private Second() {}

    @BlockType(slug = "service", name = "Service", description = "A service.")
    static final class Service extends Block {
      final String host;
      final String region;
      final @Nullable Secret token;

      Service(
          @BlockField(description = "Where.") String host,
          @BlockField(description = "In which region.") String region,
          @BlockField(description = "Who asks.") @Nullable Secret token) {
        this.host = host;
        this.region = region;
        this.token = token;
      }
    }
  }
}

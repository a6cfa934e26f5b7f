package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.SharedResources;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Properties;
import jcifs.CIFSContext;
import jcifs.CIFSException;
import jcifs.config.DelegatingConfiguration;
import jcifs.config.PropertyConfiguration;
import jcifs.context.BaseContext;
import jcifs.smb.NtlmPasswordAuthenticator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins with their connections, shared by all blocks of the same settings. */
final class SmbConnections {
  /** For an answer; connecting is tried twice. */
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  private static final Logger LOG = LoggerFactory.getLogger(SmbConnections.class);

  private static final SharedResources<Settings, SmbConnections> SHARED =
      new SharedResources<>(SmbConnections::close);

  private final CIFSContext base;
  private final CIFSContext context;

  /** The settings of a login. Blocks with equal settings share one. */
  record Settings(
      @Nullable Secret username,
      @Nullable Secret password,
      @Nullable String domain,
      boolean signing) {}

  /**
   * Gives each connection a client id of its own. Samba moves connections with the same id to one
   * process, and may leave a request unanswered meanwhile.
   */
  private static final class ManyClients extends DelegatingConfiguration {
    private static final SecureRandom RANDOM = new SecureRandom();

    ManyClients(Properties properties) throws CIFSException {
      super(new PropertyConfiguration(properties));
    }

    @Override
    public byte[] getMachineId() {
      byte[] id = new byte[32];
      RANDOM.nextBytes(id);
      return id;
    }
  }

  private SmbConnections(Settings settings) {
    try {
      this.base = new BaseContext(new ManyClients(properties(settings)));
    } catch (CIFSException e) {
      throw new SheaveException(Code.INTERNAL, "The SMB client can't be set up.", e);
    }
    Secret user = settings.username();
    Secret password = settings.password();
    this.context =
        user == null
            ? base.withAnonymousCredentials()
            : base.withCredentials(
                new NtlmPasswordAuthenticator(
                    settings.domain(), user.reveal(), password == null ? "" : password.reveal()));
  }

  private static Properties properties(Settings settings) {
    Properties properties = new Properties();
    properties.setProperty("jcifs.smb.client.minVersion", "SMB202");
    properties.setProperty("jcifs.smb.client.maxVersion", "SMB311");
    // no broadcasts for names
    properties.setProperty("jcifs.resolveOrder", "DNS");
    properties.setProperty("jcifs.smb.client.connTimeout", "20000");
    String response = Long.toString(Bounds.silence(TIMEOUT).toMillis());
    properties.setProperty("jcifs.smb.client.soTimeout", response);
    properties.setProperty("jcifs.smb.client.responseTimeout", response);
    properties.setProperty("jcifs.smb.client.tcpNoDelay", "true");
    // each operation asks with objects of its own, so that nothing that is old is taken for new
    properties.setProperty("jcifs.smb.client.attrExpirationPeriod", "60000");
    properties.setProperty("jcifs.smb.client.signingPreferred", "" + settings.signing());
    properties.setProperty("jcifs.smb.client.signingEnforced", "" + settings.signing());
    return properties;
  }

  static SharedResources.Loan<SmbConnections> borrow(Settings settings) {
    return SHARED.borrow(settings, () -> new SmbConnections(settings));
  }

  CIFSContext context() {
    return context;
  }

  private void close() {
    try {
      base.close();
    } catch (CIFSException e) {
      LOG.debug("Could not close connections in order", e);
    }
  }
}

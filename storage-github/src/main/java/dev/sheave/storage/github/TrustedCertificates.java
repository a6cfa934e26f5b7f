package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.TextFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates that a user gives, instead of those that come with Java. */
final class TrustedCertificates {
  private final SSLContext context;
  private final SSLSocketFactory sockets;

  private TrustedCertificates(SSLContext context) {
    this.context = context;
    this.sockets = context.getSocketFactory();
  }

  /**
   * Reads them.
   *
   * @param pem one or more, in PEM
   * @throws SheaveException {@code INVALID}
   */
  static TrustedCertificates parse(String pem) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(TextFile.normalized(pem).getBytes(US_ASCII)));
      if (all.isEmpty()) {
        throw none(null);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : all) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return new TrustedCertificates(context);
    } catch (GeneralSecurityException | IOException e) {
      throw none(e);
    }
  }

  private static SheaveException none(@org.jspecify.annotations.Nullable Exception cause) {
    return new SheaveException(
        Code.INVALID,
        "The ca_certificate isn't valid: it must be in PEM, and start with"
            + " -----BEGIN CERTIFICATE-----.",
        cause);
  }

  /** Makes connections; always the same factory, since Java reuses only those of one. */
  SSLSocketFactory sockets() {
    return sockets;
  }

  SSLContext context() {
    return context;
  }
}

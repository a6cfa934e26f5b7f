package dev.sheave.storage.net;

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
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust in the certificates that a user gives, instead of those that come with Java. Safe for use
 * by several threads.
 */
public final class TrustedCertificates {
  private final X509TrustManager trust;
  private final SSLContext context;
  private final SSLSocketFactory sockets;

  private TrustedCertificates(X509TrustManager trust, SSLContext context) {
    this.trust = trust;
    this.context = context;
    this.sockets = context.getSocketFactory();
  }

  /**
   * Reads them.
   *
   * @param pem one or more, in PEM
   * @param field of the block, for messages
   * @throws SheaveException {@code INVALID}; the message doesn't show the value
   */
  public static TrustedCertificates parse(String pem, String field) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(TextFile.normalized(pem).getBytes(US_ASCII)));
      if (all.isEmpty()) {
        throw none(field, null);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : all) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
      X509TrustManager trust = trust(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return new TrustedCertificates(trust, context);
    } catch (GeneralSecurityException | IOException e) {
      throw none(field, e);
    }
  }

  /** Trust in the certificates that come with Java, for clients that want it explicitly. */
  public static X509TrustManager ofJava() {
    try {
      return trust(null);
    } catch (GeneralSecurityException e) {
      throw new SheaveException(
          Code.INTERNAL, "The certificates of Java can't be read: " + e.getMessage() + ".", e);
    }
  }

  private static X509TrustManager trust(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        return trust;
      }
    }
    throw new GeneralSecurityException("there is no trust manager for X.509");
  }

  private static SheaveException none(String field, @Nullable Exception cause) {
    return new SheaveException(
        Code.INVALID,
        "The "
            + field
            + " isn't valid: it must be in PEM, and start with -----BEGIN CERTIFICATE-----.",
        cause);
  }

  /** Makes connections; always the same factory, since Java reuses only those of one. */
  public SSLSocketFactory sockets() {
    return sockets;
  }

  /** For clients that check certificates themselves. */
  public X509TrustManager trust() {
    return trust;
  }

  /** For clients that make their own. */
  public SSLContext context() {
    return context;
  }
}

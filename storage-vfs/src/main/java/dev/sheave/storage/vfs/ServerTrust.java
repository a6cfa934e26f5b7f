package dev.sheave.storage.vfs;

import dev.sheave.block.Secret;
import dev.sheave.storage.net.TrustedCertificates;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a server's certificate is trusted and is for its host, on every connection: VFS's
 * client for FTP checks only its dates.
 */
final class ServerTrust implements X509TrustManager {
  private final String host;
  private final X509TrustManager trust;

  /**
   * Trust in a host.
   *
   * @param certificates in PEM; null for those of Java
   */
  ServerTrust(String host, @Nullable Secret certificates) {
    this.host = host;
    this.trust =
        certificates == null
            ? TrustedCertificates.ofJava()
            : TrustedCertificates.parse(certificates.reveal(), "ca_certificates").trust();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkServerTrusted(chain, type);
    try {
      new DefaultHostnameVerifier().verify(host, chain[0]);
    } catch (SSLException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}

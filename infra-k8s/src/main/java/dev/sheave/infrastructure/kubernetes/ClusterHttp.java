package dev.sheave.infrastructure.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Connections to a cluster. They prefer ChaCha20 to AES: logs come through them, and an agent's
 * virtual machine, which compiles with the quick compiler alone, doesn't use the processor's
 * instructions for AES. ChaCha20 is four times as fast there.
 */
final class ClusterHttp extends JdkHttpClientFactory {
  private final Config config;

  ClusterHttp(Config config) {
    this.config = config;
  }

  @Override
  protected void additionalConfig(HttpClient.Builder http) {
    http.sslParameters(
        new SSLParameters(
            preferred(),
            Arrays.stream(config.getTlsVersions())
                .map(TlsVersion::javaName)
                .toArray(String[]::new)));
  }

  private static String[] preferred() {
    try {
      return Arrays.stream(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
          .sorted(
              Comparator.comparing(suite -> !suite.contains("CHACHA20"))) // keeps the others' order
          .toArray(String[]::new);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }
}

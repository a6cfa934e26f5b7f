package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key store with a self-signed certificate, which only users of the store trust. */
record SelfSignedKey(Path store) {
  static final String PASSWORD = "changeit";

  /**
   * Makes one.
   *
   * @param store a file that doesn't exist yet
   * @param names of the server: {@code dns:example.com}, {@code ip:127.0.0.1}
   */
  static SelfSignedKey make(Path store, List<String> names) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "SAN=" + String.join(",", names),
                "-alias",
                "server",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said;
    try (InputStream out = keytool.getInputStream()) {
      said = new String(out.readAllBytes(), UTF_8);
    }
    if (!Files.exists(store)) {
      throw new IOException("keytool made no certificate: " + said);
    }
    return new SelfSignedKey(store);
  }

  /** The TLS context of a server with the certificate. */
  SSLContext context() throws IOException {
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the server's certificate can't be used", e);
    }
  }
}

package dev.sheave.infrastructure.docker;

import com.github.dockerjava.transport.SSLConfig;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificates of a connection to an engine, from the files that the command line has. */
record EngineTls(DockerHost.Tls files) implements SSLConfig {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([^-]+)-----END");

  /** What stands before an RSA key of PKCS #1 to make it one of PKCS #8. */
  private static final byte[] RSA_PREFIX =
      new byte[] {2, 1, 0, 48, 13, 6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};

  @Override
  public SSLContext getSSLContext() {
    Path folder = files.folder();
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(ownKeys(folder), new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust(folder), null);
      return context;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID,
          "The certificates for the Docker engine in '"
              + folder
              + "' can't be read: "
              + e.getMessage()
              + ".",
          e);
    }
  }

  private TrustManager[] trust(Path folder) throws IOException, GeneralSecurityException {
    if (!files.isVerified()) {
      return new TrustManager[] {new TrustAll()};
    }
    Path authority = folder.resolve("ca.pem");
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (Files.exists(authority)) {
      KeyStore store = empty();
      int number = 0;
      for (Certificate each : certificates(authority)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      factory.init(store);
    } else {
      factory.init((KeyStore) null); // Java's own
    }
    return factory.getTrustManagers();
  }

  private static KeyStore ownKeys(Path folder) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    Path key = folder.resolve("key.pem");
    if (Files.exists(key)) {
      store.setKeyEntry(
          "own",
          privateKey(Files.readString(key)),
          new char[0],
          certificates(folder.resolve("cert.pem")).toArray(Certificate[]::new));
    }
    return store;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static PrivateKey privateKey(String text) throws GeneralSecurityException {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new GeneralSecurityException(
          "key.pem has no private key of PKCS #8; convert it with 'openssl pkcs8 -topk8 -nocrypt'");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
    if (matcher.group(1) != null) {
      byte[] inner = sequence(4, bytes);
      bytes =
          sequence(
              48,
              ByteBuffer.allocate(RSA_PREFIX.length + inner.length)
                  .put(RSA_PREFIX)
                  .put(inner)
                  .array());
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(bytes);
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    }
  }

  /** Writes a value of ASN.1 with its tag and length. */
  private static byte[] sequence(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(0x82); // two bytes of length follow; keys are longer than 255 bytes
    out.write(content.length >> 8);
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  /** For {@code DOCKER_TLS} and contexts that say not to verify. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

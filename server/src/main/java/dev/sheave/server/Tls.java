package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Reads a server's certificate and its key from PEM files. */
final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private Tls() {}

  /**
   * Reads them.
   *
   * @param certificates a file with the server's certificate, and those that lead to its authority
   * @param key a file with the certificate's private key, in PKCS #8, not encrypted
   * @throws SheaveException {@code INVALID} if they aren't there, or don't fit each other
   */
  static SslContextFactory.Server read(Path certificates, Path key) {
    try {
      Certificate[] chain = chain(certificates);
      PrivateKey secret = key(key, chain[0].getPublicKey().getAlgorithm());
      checkFit(chain[0], secret, certificates, key);
      String password = UUID.randomUUID().toString();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", secret, password.toCharArray(), chain);
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setKeyStore(store);
      factory.setKeyStorePassword(password);
      return factory;
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID, "The certificate or its key can't be read: " + IoReason.of(e) + ".", e);
    } catch (GeneralSecurityException e) {
      throw new SheaveException(
          Code.INVALID,
          "The certificate in "
              + certificates
              + " or its key in "
              + key
              + " can't be used: "
              + e.getMessage()
              + ".",
          e);
    }
  }

  private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    try (InputStream stream = Files.newInputStream(file)) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(stream)
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw new SheaveException(Code.INVALID, "The file " + file + " has no certificate.");
      }
      return chain;
    }
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new SheaveException(
          Code.INVALID,
          "The file "
              + file
              + " has no key that begins with 'BEGIN PRIVATE KEY'; convert it with 'openssl pkcs8"
              + " -topk8 -nocrypt'.");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the key isn't in base 64", e);
    }
  }

  private static void checkFit(
      Certificate certificate, PrivateKey key, Path certificates, Path keyFile)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] text = "fits".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(text);
    if (!signature.verify(signed)) {
      throw new SheaveException(
          Code.INVALID, "The key in " + keyFile + " isn't that of " + certificates + ".");
    }
  }
}

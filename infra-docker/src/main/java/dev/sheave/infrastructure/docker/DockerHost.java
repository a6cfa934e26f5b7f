package dev.sheave.infrastructure.docker;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine is, found by the rules of the {@code docker} command.
 *
 * @param url a unix, npipe, tcp or ssh URL
 * @param tls how its certificate and this program's are checked; empty without TLS
 */
record DockerHost(URI url, Optional<Tls> tls) {
  private static final Set<String> SCHEMES = Set.of("unix", "npipe", "tcp", "ssh");
  private static final String DEFAULT_CONTEXT = "default";

  /**
   * The certificates of a connection.
   *
   * @param folder has {@code ca.pem}, {@code cert.pem} and {@code key.pem}, each optional
   * @param isVerified whether the engine's certificate is checked
   */
  record Tls(Path folder, boolean isVerified) {}

  /**
   * Finds the engine: the one that is wanted, else {@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, the
   * current context of the configuration, or a local socket.
   *
   * @throws SheaveException {@code INVALID} if it is named wrongly
   */
  static DockerHost find(@Nullable String wanted, Map<String, String> environment) {
    String host = nonBlank(wanted).or(() -> nonBlank(environment.get("DOCKER_HOST"))).orElse("");
    if (!host.isEmpty()) {
      URI url = parse(host, wanted == null ? "DOCKER_HOST" : "docker_host");
      return new DockerHost(
          url, url.getScheme().equals("tcp") ? tls(environment) : Optional.empty());
    }
    return nonBlank(environment.get("DOCKER_CONTEXT"))
        .or(() -> currentContext(environment))
        .filter(context -> !context.equals(DEFAULT_CONTEXT))
        .map(context -> ofContext(context, environment))
        .orElseGet(() -> new DockerHost(localSocket(environment), Optional.empty()));
  }

  /** The folder of the {@code docker} command's configuration. */
  static Path configuration(Map<String, String> environment) {
    return nonBlank(environment.get("DOCKER_CONFIG"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".docker"));
  }

  private static Optional<String> nonBlank(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(each -> !each.isEmpty());
  }

  private static URI parse(String text, String origin) {
    try {
      URI url = URI.create(text.contains("://") ? text : "tcp://" + text);
      String scheme = Set.of("http", "https").contains(url.getScheme()) ? "tcp" : url.getScheme();
      if (SCHEMES.contains(scheme)) {
        return scheme.equals(url.getScheme())
            ? url
            : URI.create(scheme + text.substring(text.indexOf(':')));
      }
    } catch (IllegalArgumentException e) {
      // the sentence below is better
    }
    throw new SheaveException(
        Code.INVALID,
        "'"
            + text
            + "' in "
            + origin
            + " isn't the address of a Docker engine; it must be like 'unix:///var/run/docker.sock',"
            + " 'tcp://HOST:2376' or 'ssh://USER@HOST'.");
  }

  private static Optional<Tls> tls(Map<String, String> environment) {
    boolean isVerified = nonBlank(environment.get("DOCKER_TLS_VERIFY")).isPresent();
    if (!isVerified && nonBlank(environment.get("DOCKER_TLS")).isEmpty()) {
      return Optional.empty();
    }
    Path folder =
        nonBlank(environment.get("DOCKER_CERT_PATH"))
            .map(Path::of)
            .orElseGet(() -> configuration(environment));
    return Optional.of(new Tls(folder, isVerified));
  }

  private static Optional<String> currentContext(Map<String, String> environment) {
    Path file = configuration(environment).resolve("config.json");
    return Files.exists(file)
        ? Optional.ofNullable(read(file).get("currentContext"))
            .map(Object::toString)
            .flatMap(DockerHost::nonBlank)
        : Optional.empty();
  }

  private static DockerHost ofContext(String context, Map<String, String> environment) {
    Path contexts = configuration(environment).resolve("contexts");
    String digest = sha256(context);
    Path file = contexts.resolve("meta").resolve(digest).resolve("meta.json");
    if (!Files.exists(file)) {
      throw new SheaveException(
          Code.INVALID,
          "The Docker context '"
              + context
              + "' doesn't exist in '"
              + contexts
              + "'; 'docker context ls' lists those that do.");
    }
    if (!(read(file).get("Endpoints") instanceof Map<?, ?> endpoints)
        || !(endpoints.get("docker") instanceof Map<?, ?> endpoint)
        || !(endpoint.get("Host") instanceof String host)) {
      throw new SheaveException(
          Code.INVALID, "The Docker context '" + context + "' names no engine ('" + file + "').");
    }
    Path certificates = contexts.resolve("tls").resolve(digest).resolve("docker");
    boolean isVerified = !Boolean.TRUE.equals(endpoint.get("SkipTLSVerify"));
    return new DockerHost(
        parse(host, "the Docker context '" + context + "'"),
        Files.isDirectory(certificates)
            ? Optional.of(new Tls(certificates, isVerified))
            : Optional.empty());
  }

  /** Parses a file of the {@code docker} command's configuration. */
  static Map<String, @Nullable Object> read(Path file) {
    try {
      return JsonText.parseObject(Files.readString(file), "the file '" + file + "'");
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID, "The file '" + file + "' can't be read: " + e.getMessage() + ".", e);
    }
  }

  private static URI localSocket(Map<String, String> environment) {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return URI.create("npipe:////./pipe/docker_engine");
    }
    Path first = Path.of("/var/run/docker.sock");
    Stream<Path> ofUser =
        nonBlank(environment.get("XDG_RUNTIME_DIR")).map(Path::of).stream()
            .flatMap(
                folder ->
                    Stream.of(folder.resolve("docker.sock"), folder.resolve("podman/podman.sock")));
    List<Path> others =
        List.of(
            configuration(environment).resolve("run/docker.sock"),
            Path.of("/run/podman/podman.sock"));
    Path found =
        Stream.of(Stream.of(first), ofUser, others.stream())
            .flatMap(each -> each)
            .filter(Files::exists)
            .findFirst()
            .orElse(first);
    return URI.create("unix://" + found);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  @Override
  public String toString() {
    return url.toString();
  }
}

package dev.sheave.infrastructure.docker;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.ImageName;
import dev.sheave.storage.backend.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The account at the registry of an image: that of a block, else that of the {@code docker}
 * command's configuration and its credential helpers.
 */
final class RegistryLogin {
  private static final String HUB = "https://index.docker.io/v1/";
  private static final String HUB_HOST = "docker.io";
  private static final Set<String> HUB_HOSTS =
      Set.of(
          HUB_HOST,
          "index.docker.io",
          "registry-1.docker.io",
          "registry.hub.docker.com",
          "hub.docker.com");

  private static final String TOKEN_USER = "<token>";

  private final Map<String, Object> values;

  private RegistryLogin(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Finds the account. That of a block is used for images of its own registry alone.
   *
   * @param account of the block; null for that of the configuration
   * @throws SheaveException {@code PERMISSION_DENIED} if a credential helper fails
   */
  static Optional<RegistryLogin> find(
      String image, @Nullable DockerRegistry account, Map<String, String> environment) {
    if (account != null && isFor(account, image)) {
      return Optional.of(
          of(account.username(), account.password().reveal(), account.registryUrl()));
    }
    Path file = DockerHost.configuration(environment).resolve("config.json");
    return Files.exists(file)
        ? ofConfiguration(DockerHost.read(file), registryOf(image))
        : Optional.empty();
  }

  /** Returns the registry in an image's name, as the configuration names it. */
  static String registryOf(String image) {
    return ImageName.parse(image, "image")
        .registry()
        .filter(each -> !each.equals(HUB_HOST))
        .orElse(HUB);
  }

  /** Returns whether an account is one at an image's registry: no other may learn its password. */
  static boolean isFor(DockerRegistry account, String image) {
    return host(account.registryUrl()).equals(host(registryOf(image)));
  }

  /**
   * Returns the host of a registry, with the port if it isn't that of https.
   *
   * @param url with or without {@code https://}; empty for Docker Hub
   */
  static String host(String url) {
    if (url.isBlank()) {
      return HUB_HOST;
    }
    String host =
        url.strip()
            .replaceFirst("^[a-zA-Z]+://", "")
            .replaceFirst("[/?#].*", "")
            .replaceFirst("^.*@", "")
            .replaceFirst(":443$", "")
            .toLowerCase(Locale.ROOT);
    return HUB_HOSTS.contains(host) ? HUB_HOST : host;
  }

  private static RegistryLogin of(String user, String password, String registry) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (user.equals(TOKEN_USER)) {
      values.put("identitytoken", password);
    } else {
      values.put("username", user);
      values.put("password", password);
    }
    values.put("serveraddress", registry);
    return new RegistryLogin(values);
  }

  private static Optional<RegistryLogin> ofConfiguration(
      Map<String, @Nullable Object> configuration, String registry) {
    if (configuration.get("credHelpers") instanceof Map<?, ?> helpers
        && helpers.get(registry) instanceof String helper) {
      return askHelper(helper, registry);
    }
    if (configuration.get("credsStore") instanceof String store && !store.isBlank()) {
      Optional<RegistryLogin> found = askHelper(store, registry);
      if (found.isPresent()) {
        return found;
      }
    }
    return configuration.get("auths") instanceof Map<?, ?> auths
        ? ofAuths(auths, registry)
        : Optional.empty();
  }

  private static Optional<RegistryLogin> ofAuths(Map<?, ?> auths, String registry) {
    for (String key : new String[] {registry, "https://" + registry, "https://" + registry + "/"}) {
      if (auths.get(key) instanceof Map<?, ?> entry) {
        if (entry.get("identitytoken") instanceof String token) {
          return Optional.of(of(TOKEN_USER, token, registry));
        }
        if (entry.get("auth") instanceof String auth) {
          String pair =
              new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
          int colon = pair.indexOf(':');
          if (colon > 0) {
            return Optional.of(of(pair.substring(0, colon), pair.substring(colon + 1), registry));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Asks a program that keeps credentials; empty if it has none for the registry. */
  private static Optional<RegistryLogin> askHelper(String helper, String registry) {
    String program = "docker-credential-" + helper;
    try {
      Process process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(registry.getBytes(StandardCharsets.UTF_8));
      }
      String answer =
          new String(process.getInputStream().readNBytes(64 * 1024), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        if (answer.contains("not found")) {
          return Optional.empty();
        }
        throw failed(program, registry, "exit code " + process.exitValue(), null);
      }
      Map<String, @Nullable Object> told =
          JsonText.parseObject(answer, "the answer of '" + program + "'");
      return Optional.of(
          of(String.valueOf(told.get("Username")), String.valueOf(told.get("Secret")), registry));
    } catch (IOException e) {
      throw failed(program, registry, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The credential helper '" + program + "' was interrupted.", e);
    }
  }

  private static SheaveException failed(
      String program, String registry, String reason, @Nullable Throwable cause) {
    return new SheaveException(
        Code.PERMISSION_DENIED,
        "The credential helper '"
            + program
            + "' gives no password for the registry '"
            + registry
            + "': "
            + reason
            + ".",
        cause);
  }

  /** The value of the header {@code X-Registry-Auth}. */
  String header() {
    return Base64.getUrlEncoder()
        .encodeToString(JsonText.write(values).getBytes(StandardCharsets.UTF_8));
  }
}

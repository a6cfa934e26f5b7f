package dev.sheave.infrastructure.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The image of a container: whether the engine has it, and how it gets it. */
final class Image {
  private static final String LATEST = "latest";

  /** What the failure of a pull may be; whatever else a registry says is no reason to ask again. */
  private static final Set<Code> FINAL = Set.of(Code.UNAVAILABLE, Code.INTERRUPTED, Code.INTERNAL);

  private final Engine engine;
  private final String name;
  private final @Nullable String platform;

  Image(Engine engine, String name, @Nullable String platform) {
    this.engine = engine;
    this.name = name;
    this.platform = platform;
  }

  /**
   * Makes sure that the engine has it.
   *
   * @param policy when it is pulled; null for the default
   * @param account with which it is pulled; null for that of the machine's configuration
   * @param progress takes a sentence while it is waited for
   */
  void ensure(
      @Nullable ImagePullPolicy policy,
      @Nullable DockerRegistry account,
      Consumer<String> progress) {
    switch (policy == null ? defaultPolicy() : policy) {
      case ALWAYS -> pull(account, progress);
      case IF_NOT_PRESENT -> {
        if (!isPresent()) {
          pull(account, progress);
        }
      }
      case NEVER -> checkPresent();
    }
  }

  /** As people expect of a tag that moves. */
  private ImagePullPolicy defaultPolicy() {
    return tag().equals(LATEST) ? ImagePullPolicy.ALWAYS : ImagePullPolicy.IF_NOT_PRESENT;
  }

  /** Checks that the engine has an image that is never pulled. */
  void checkPresent() {
    if (!isPresent()) {
      throw new SheaveException(
          Code.INTERNAL,
          "Docker at '"
              + engine.host()
              + "' doesn't have the image '"
              + name
              + "', and 'image_pull_policy' is NEVER.");
    }
  }

  private boolean isPresent() {
    return engine
        .find("show the image '" + name + "'", docker -> docker.inspectImageCmd(name).exec())
        .isPresent();
  }

  private boolean hasDigest() {
    return name.contains("@");
  }

  private int colon() {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? colon : -1;
  }

  private String tag() {
    if (hasDigest()) {
      return "";
    }
    return colon() < 0 ? LATEST : name.substring(colon() + 1);
  }

  private void pull(@Nullable DockerRegistry account, Consumer<String> progress) {
    progress.accept(
        "The image '"
            + name
            + "' is being pulled"
            + (account == null || RegistryLogin.isFor(account, name)
                ? "."
                : ", without the account of 'image_registry', which is one at '"
                    + RegistryLogin.host(account.registryUrl())
                    + "'."));
    String repository = hasDigest() || colon() < 0 ? name : name.substring(0, colon());
    String path =
        "/images/create?fromImage="
            + encoded(repository)
            + (hasDigest() ? "" : "&tag=" + encoded(tag()))
            + (platform == null ? "" : "&platform=" + encoded(platform));
    Map<String, String> headers =
        RegistryLogin.find(name, account, System.getenv())
            .map(login -> Map.of("X-Registry-Auth", login.header()))
            .orElse(Map.of());
    try {
      engine.readApart(
          Request.Method.POST,
          path,
          headers,
          new byte[0],
          "pull the image '" + name + "'",
          this::awaitEnd);
    } catch (SheaveException e) {
      throw FINAL.contains(e.code()) ? e : new SheaveException(Code.INTERNAL, e.getMessage(), e);
    }
  }

  private void awaitEnd(Response answer) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.getBody(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()
            && JsonText.parseObject(line, "the progress of a pull").get("error")
                instanceof String error) {
          throw failed(error, null);
        }
      }
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  private SheaveException failed(String reason, @Nullable Throwable cause) {
    return new SheaveException(
        Code.INTERNAL,
        "Docker at '"
            + engine.host()
            + "' can't pull the image '"
            + name
            + "': "
            + EngineErrors.line(reason)
            + ".",
        cause);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

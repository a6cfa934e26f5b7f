package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine, with the version of its API that both sides know. There is one object for each host in
 * this program. Safe for use by several threads.
 */
final class Engine {
  /** The newest version of the API that docker-java's types describe. */
  private static final RemoteApiVersion NEWEST = RemoteApiVersion.VERSION_1_44;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  private static final Map<DockerHost, Engine> ENGINES = new ConcurrentHashMap<>();

  private final DockerHost host;
  private final @Nullable SshTunnel tunnel;
  private final URI address;
  private final DockerHttpClient http;
  private final DockerClient client;
  private final RemoteApiVersion version;
  private final Info info;
  private final ContainerWatch watch;

  private Engine(DockerHost host) {
    this.host = host;
    this.tunnel = host.url().getScheme().equals("ssh") ? tunnel(host) : null;
    this.address = tunnel == null ? host.url() : tunnel.url();
    this.http = connect();
    try {
      this.version = negotiate();
      this.client = DockerClientImpl.getInstance(new EngineConfig(address, version), http);
      this.info = call("describe itself", docker -> docker.infoCmd().exec());
    } catch (RuntimeException e) {
      close(http);
      throw e;
    }
    this.watch = new ContainerWatch(this);
  }

  private static SshTunnel tunnel(DockerHost host) {
    try {
      return SshTunnel.open(List.of("ssh"), host.url());
    } catch (IOException e) {
      throw EngineErrors.unreachable(host, e);
    }
  }

  private DockerHttpClient connect() {
    return new ZerodepDockerHttpClient.Builder()
        .dockerHost(address)
        .sslConfig(host.tls().map(EngineTls::new).orElse(null))
        .connectionTimeout(CONNECT_TIMEOUT)
        .build();
  }

  private static void close(DockerHttpClient http) {
    try {
      http.close();
    } catch (IOException e) {
      // nothing depends on it
    }
  }

  /**
   * Connects to an engine, or finds the connection.
   *
   * @throws SheaveException {@code UNAVAILABLE} if it doesn't respond, {@code PERMISSION_DENIED}
   */
  static Engine at(DockerHost host) {
    Engine known = ENGINES.get(host);
    if (known != null) {
      return known;
    }
    Engine fresh = new Engine(host);
    Engine other = ENGINES.putIfAbsent(host, fresh);
    if (other != null) {
      close(fresh.http);
      return other;
    }
    return fresh;
  }

  /** The older one of ours and the engine's; a newer engine refuses it with its own sentence. */
  private RemoteApiVersion negotiate() {
    try (Response answer =
        send(http, Request.builder().method(Request.Method.GET).path("/_ping").build())) {
      if (answer.getStatusCode() != 200) {
        throw EngineErrors.refused(host, "respond", answer.getStatusCode(), body(answer), null);
      }
      String theirs = answer.getHeader("Api-Version");
      if (theirs == null) {
        return RemoteApiVersion.UNKNOWN_VERSION;
      }
      RemoteApiVersion engines = RemoteApiVersion.parseConfigWithDefault(theirs);
      return engines.isGreater(NEWEST) ? NEWEST : engines;
    }
  }

  DockerHost host() {
    return host;
  }

  /** The engine's own id, which a name in its place may stand for. */
  String id() {
    return Objects.requireNonNullElse(info.getId(), host.toString());
  }

  /** Whether containers share the network of the machine that the engine's clients run on. */
  boolean isOnThisHost() {
    return host.url().getScheme().equals("unix")
        && System.getProperty("os.name").equals("Linux")
        && !Objects.requireNonNullElse(info.getOperatingSystem(), "").contains("Docker Desktop");
  }

  ContainerWatch watch() {
    return watch;
  }

  /**
   * Calls the engine.
   *
   * @param what is asked for, to stand after "to"
   */
  <T> T call(String what, Function<DockerClient, T> call) {
    try {
      return call.apply(client);
    } catch (RuntimeException e) {
      throw error(what, e);
    }
  }

  /** Calls the engine for what may be gone. */
  <T> Optional<T> find(String what, Function<DockerClient, T> call) {
    return call(
        what,
        docker -> {
          try {
            return Optional.of(call.apply(docker));
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** Calls the engine for something that may be done, or gone, already. */
  void ensure(String what, Consumer<DockerClient> call) {
    find(
        what,
        docker -> {
          try {
            call.accept(docker);
          } catch (NotModifiedException e) {
            // it is so already
          }
          return true;
        });
  }

  /** Finds a container by its id or name. */
  Optional<InspectContainerResponse> container(String id) {
    return find("show the container '" + id + "'", docker -> docker.inspectContainerCmd(id).exec());
  }

  /** Lists containers with all of the labels, ended ones too. */
  List<Container> containers(Map<String, String> labels) {
    return call(
        "list containers",
        docker -> docker.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec());
  }

  /** Lists containers that have a label, ended ones too. */
  List<Container> containers(String label) {
    return call(
        "list containers",
        docker ->
            docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(label)).exec());
  }

  /** Removes a container, whatever it is doing, unless it is gone or going. */
  void remove(String id, String name) {
    try {
      ensure(
          "remove the container '" + name + "'",
          docker -> docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
    } catch (SheaveException e) {
      if (e.code() != Code.CONFLICT) { // somebody else is removing it
        throw e;
      }
    }
  }

  /**
   * Sends a request whose answer is a stream; the answer must be closed, which may be done by
   * another thread and ends a read.
   *
   * @param path with its query
   * @throws SheaveException if the engine refuses it
   */
  Response open(
      Request.Method method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      String what) {
    return open(http, method, path, headers, body, what);
  }

  private Response open(
      DockerHttpClient over,
      Request.Method method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      String what) {
    String prefix =
        version.equals(RemoteApiVersion.UNKNOWN_VERSION) ? "" : "/" + version.asWebPathPart();
    Request.Builder request =
        Request.builder().method(method).path(prefix + path).putAllHeaders(headers);
    if (body != null) {
      request = request.bodyBytes(body);
    }
    Response answer = send(over, request.build());
    if (answer.getStatusCode() >= 300) {
      try (answer) {
        throw EngineErrors.refused(
            host, what, answer.getStatusCode(), EngineErrors.message(body(answer)), null);
      }
    }
    return answer;
  }

  /**
   * Sends a request whose answer takes long, over a connection of its own. If this thread is
   * interrupted, the connection is closed, and the engine gives up what it does.
   *
   * @param reader reads the answer, on another thread
   * @throws SheaveException {@code INTERRUPTED}; else what the reader throws, or if the engine
   *     refuses the request
   */
  void readApart(
      Request.Method method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      String what,
      Consumer<Response> reader) {
    DockerHttpClient over = connect();
    CompletableFuture<Void> reading = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (Response answer = open(over, method, path, headers, body, what)) {
                reader.accept(answer);
                reading.complete(null);
              } catch (Throwable e) { // it is the caller's
                reading.completeExceptionally(e);
              }
            },
            "sheave-docker-answer");
    thread.setDaemon(true);
    thread.start();
    try {
      reading.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "Docker at '" + host + "' was no longer asked to " + what + ".", e);
    } catch (ExecutionException e) {
      throw error(
          what, e.getCause() instanceof RuntimeException own ? own : new RuntimeException(e));
    } finally {
      close(over);
    }
  }

  /** Why there is no connection, only ssh knows. */
  private SheaveException error(String what, RuntimeException e) {
    SheaveException error = EngineErrors.of(host, what, e);
    String complaint = tunnel == null ? "" : tunnel.complaint();
    return error.code() != Code.UNAVAILABLE || complaint.isEmpty()
        ? error
        : new SheaveException(
            Code.UNAVAILABLE,
            "The Docker engine at '"
                + host
                + "' can't be reached: ssh says '"
                + EngineErrors.line(complaint)
                + "'. It must log in there without a password, and 'docker' must be there.",
            e);
  }

  private Response send(DockerHttpClient over, Request request) {
    try {
      return over.execute(request);
    } catch (RuntimeException e) {
      throw error("answer", e);
    }
  }

  private static String body(Response answer) {
    try {
      return new String(answer.getBody().readNBytes(64 * 1024), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "status " + answer.getStatusCode();
    }
  }
}

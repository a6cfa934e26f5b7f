package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fetches LFS objects of one repository into the cache, by the batch API of Git LFS. */
final class LfsObjects {
  private static final int BATCH = 100;
  private static final int MAX_REDIRECTS = 5;
  private static final String MEDIA_TYPE = "application/vnd.git-lfs+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final RepositoryAddress address;
  private final GitAccess access;
  private final GitCache cache;
  private final GitErrors errors;

  LfsObjects(RepositoryAddress address, GitHost host) {
    this.address = address;
    this.access = host.access();
    this.cache = host.cache();
    this.errors = new GitErrors(address, access);
  }

  /**
   * The address of the API, and the headers of each request to it.
   *
   * @param headers may hold a credential
   */
  private record Server(URI url, Map<String, String> headers) {}

  /**
   * Fetches the objects that aren't in the cache.
   *
   * @param wanted by the path of a file, for messages
   */
  void fetch(Map<String, LfsPointer> wanted) {
    Map<String, String> paths = new LinkedHashMap<>();
    Map<String, LfsPointer> missing = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, LfsPointer> each : wanted.entrySet()) {
        LfsPointer pointer = each.getValue();
        Path file = file(pointer);
        if (Files.isRegularFile(file) && Files.size(file) == pointer.size()) {
          GitCache.touch(file);
        } else {
          missing.put(pointer.oid(), pointer);
          paths.putIfAbsent(pointer.oid(), each.getKey());
        }
      }
      if (missing.isEmpty()) {
        return;
      }
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(TIMEOUT)
              .followRedirects(HttpClient.Redirect.NEVER);
      access.tls().ifPresent(builder::sslContext);
      HttpClient client = builder.build();
      Server server = server();
      List<LfsPointer> all = new ArrayList<>(missing.values());
      for (int i = 0; i < all.size(); i += BATCH) {
        fetch(client, server, all.subList(i, Math.min(i + BATCH, all.size())), paths);
      }
      cache.trim();
    } catch (IOException e) {
      throw errors.translate(e, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
  }

  Path file(LfsPointer pointer) {
    return cache.lfsObject(address, pointer.oid());
  }

  private Server server() throws IOException, InterruptedException {
    if (address.isSsh()) {
      return overSsh();
    }
    if (!address.isHttp()) {
      throw errors.error(Code.UNSUPPORTED, "LFS objects can only be fetched from a host.", null);
    }
    String base = address.uri().toASCIIString().replaceAll("/+$", "");
    URI url = URI.create((base.endsWith(".git") ? base : base + ".git") + "/info/lfs");
    Map<String, String> headers = new LinkedHashMap<>();
    authorize(url, headers);
    return new Server(url, headers);
  }

  private void authorize(URI url, Map<String, String> headers) {
    if (headers.keySet().stream().noneMatch("authorization"::equalsIgnoreCase)) {
      access
          .authorization(String.valueOf(url.getScheme()), url.getHost(), url.getPort())
          .ifPresent(value -> headers.put("Authorization", value));
    }
  }

  /** Asks the host for the address of the API and temporary credentials. */
  private Server overSsh() throws IOException, InterruptedException {
    Session session;
    try {
      session = access.ssh().connect(address.uri(), address.isSameServer(access.owner()));
    } catch (JSchException e) {
      throw new IOException(e);
    }
    try {
      String path = address.uri().getPath().replaceAll("^/+", "");
      if (!path.matches("[\\w.~/-]+")) {
        throw errors.error(Code.UNSUPPORTED, "LFS over SSH needs a plain path.", null);
      }
      RemoteCommand command =
          new RemoteCommand(
              (ChannelExec) session.openChannel("exec"),
              "git-lfs-authenticate " + path + " download");
      String answer = new String(command.getInputStream().readAllBytes(), UTF_8);
      if (command.waitFor() != 0) {
        throw errors.error(
            Code.NOT_FOUND, "it has LFS objects, but its host doesn't support LFS over SSH.", null);
      }
      Map<String, @Nullable Object> json = Json.parseObject(answer, "the host's answer");
      return new Server(uri(json.get("href")), headers(json.get("header")));
    } catch (JSchException e) {
      throw new IOException(e);
    } finally {
      session.disconnect();
    }
  }

  private void fetch(
      HttpClient client, Server server, List<LfsPointer> batch, Map<String, String> paths)
      throws IOException, InterruptedException {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (LfsPointer pointer : batch) {
      objects.add(Json.object("oid", pointer.oid(), "size", pointer.size()));
    }
    String body =
        Json.write(
            Json.object(
                "operation", "download", "transfers", List.of("basic"), "objects", objects));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/objects/batch"))
            .timeout(TIMEOUT)
            .header("Accept", MEDIA_TYPE)
            .header("Content-Type", MEDIA_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    server.headers().forEach(request::setHeader);
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    switch (response.statusCode()) {
      case 200 -> {}
      case 401, 403 -> throw errors.denied(null);
      // some servers answer so if they have none of the objects, others if they have no LFS here
      case 404 -> throw missing(batch.get(0), String.valueOf(paths.get(batch.get(0).oid())));
      default ->
          throw status(
              "the LFS objects of '" + paths.get(batch.get(0).oid()) + "' and others",
              response.statusCode());
    }
    Map<String, LfsPointer> open = new LinkedHashMap<>();
    batch.forEach(pointer -> open.put(pointer.oid(), pointer));
    Map<String, @Nullable Object> answer =
        Json.parseObject(response.body(), "the LFS server's answer");
    if (answer.get("objects") instanceof List<?> answered) {
      for (Object each : answered) {
        Map<String, @Nullable Object> object =
            each instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
        LfsPointer pointer = open.remove(String.valueOf(object.get("oid")));
        if (pointer != null) {
          download(client, object, pointer, String.valueOf(paths.get(pointer.oid())));
        }
      }
    }
    for (LfsPointer pointer : open.values()) {
      throw missing(pointer, String.valueOf(paths.get(pointer.oid())));
    }
  }

  private void download(
      HttpClient client, Map<String, @Nullable Object> object, LfsPointer pointer, String path)
      throws IOException, InterruptedException {
    Map<?, ?> actions = object.get("actions") instanceof Map<?, ?> map ? map : Map.of();
    if (!(actions.get("download") instanceof Map<?, ?> action)) {
      throw missing(pointer, path);
    }
    URI url = uri(action.get("href"));
    Map<String, String> headers = headers(action.get("header"));
    if (!Boolean.TRUE.equals(object.get("authenticated"))) {
      authorize(url, headers);
    }
    download(client, url, headers, pointer, path, 0);
  }

  private void download(
      HttpClient client,
      URI url,
      Map<String, String> headers,
      LfsPointer pointer,
      String path,
      int redirects)
      throws IOException, InterruptedException {
    if (!"https".equals(url.getScheme()) && (address.isHttps() || address.isSsh())) {
      throw errors.error(
          Code.INVALID, "the LFS server offers '" + path + "' only without TLS.", null);
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(TIMEOUT);
    headers.forEach(request::setHeader);
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      switch (response.statusCode()) {
        case 200 -> keep(in, pointer, path);
        case 301, 302, 303, 307, 308 -> {
          if (redirects >= MAX_REDIRECTS) {
            throw status("the LFS object of '" + path + "'", response.statusCode());
          }
          URI next = uri(url.resolve(response.headers().firstValue("Location").orElse("")));
          // what is for one host isn't shown to another
          boolean same = String.valueOf(url.getRawAuthority()).equals(next.getRawAuthority());
          download(client, next, same ? headers : Map.of(), pointer, path, redirects + 1);
        }
        case 401, 403 -> throw errors.denied(null);
        case 404, 410 -> throw missing(pointer, path);
        default -> throw status("the LFS object of '" + path + "'", response.statusCode());
      }
    }
  }

  /** Writes the object to a temporary file, checks its SHA-256, and renames it. */
  private void keep(InputStream in, LfsPointer pointer, String path) throws IOException {
    Path file = file(pointer);
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), "part-", "");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long size = 0;
      try (OutputStream out = Files.newOutputStream(part);
          DigestInputStream digested = new DigestInputStream(in, digest)) {
        byte[] buffer = new byte[64 * 1024];
        for (int n = read(digested, buffer, path); n >= 0 && size <= pointer.size(); ) {
          out.write(buffer, 0, n);
          size += n;
          n = read(digested, buffer, path);
        }
      }
      if (size != pointer.size()
          || !HexFormat.of().formatHex(digest.digest()).equals(pointer.oid())) {
        throw errors.error(
            Code.UNAVAILABLE, "the LFS object of '" + path + "' doesn't match its SHA-256.", null);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private int read(InputStream in, byte[] buffer, String path) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw Thread.currentThread().isInterrupted()
          ? errors.translate(e, null)
          : errors.error(
              Code.UNAVAILABLE,
              "the LFS object of '" + path + "' was cut off: try again later.",
              e);
    }
  }

  private SheaveException missing(LfsPointer pointer, String path) {
    return errors.error(
        Code.NOT_FOUND,
        "the LFS object of '"
            + path
            + "' ("
            + pointer.oid()
            + ") isn't on the LFS server: push it with 'git lfs push --all'.",
        null);
  }

  private SheaveException status(String what, int status) {
    return errors.error(
        Code.UNAVAILABLE,
        "the request for " + what + " failed with status " + status + ": try again later.",
        null);
  }

  private URI uri(@Nullable Object text) {
    try {
      URI uri = new URI(String.valueOf(text));
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).startsWith("http")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw errors.error(Code.UNAVAILABLE, "the LFS server sent no valid address.", null);
  }

  private static Map<String, String> headers(@Nullable Object json) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (json instanceof Map<?, ?> map) {
      map.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
    }
    return headers;
  }
}

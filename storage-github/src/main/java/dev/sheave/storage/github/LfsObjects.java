package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import dev.sheave.storage.backend.LocalFiles;
import dev.sheave.storage.net.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  private static final String PART_PREFIX = "part-";
  private static final String MEDIA_TYPE = "application/vnd.git-lfs+json";

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
      Server server = server();
      List<LfsPointer> all = new ArrayList<>(missing.values());
      for (int i = 0; i < all.size(); i += BATCH) {
        fetch(server, all.subList(i, Math.min(i + BATCH, all.size())), paths);
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
    URI url = uri((base.endsWith(".git") ? base : base + ".git") + "/info/lfs");
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
              "git-lfs-authenticate " + path + " download",
              Bounds.RESPONSE_BYTES);
      String answer = new String(command.getInputStream().readAllBytes(), UTF_8);
      if (command.waitFor() != 0) {
        throw errors.error(
            Code.NOT_FOUND, "it has LFS objects, but its host doesn't support LFS over SSH.", null);
      }
      Map<String, @Nullable Object> json = JsonText.parseObject(answer, "the host's answer");
      URI url = uri(json.get("href"));
      if (!isHttps(url)) {
        throw errors.error(Code.INVALID, "its host offers LFS only without TLS.", null);
      }
      return new Server(url, headers(json.get("header")));
    } catch (JSchException e) {
      throw new IOException(e);
    } finally {
      session.disconnect();
    }
  }

  private void fetch(Server server, List<LfsPointer> batch, Map<String, String> paths)
      throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (LfsPointer pointer : batch) {
      objects.add(Map.of("oid", pointer.oid(), "size", pointer.size()));
    }
    String body =
        JsonText.write(
            Map.of("operation", "download", "transfers", List.of("basic"), "objects", objects));
    HttpURLConnection connection = open(uri(server.url() + "/objects/batch"), server.headers());
    connection.setRequestProperty("Accept", MEDIA_TYPE);
    connection.setRequestProperty("Content-Type", MEDIA_TYPE);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    byte[] bytes = body.getBytes(UTF_8);
    connection.setFixedLengthStreamingMode(bytes.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(bytes);
    }
    int status = GitHttp.status(connection);
    switch (status) {
      case 200 -> {}
      case 401, 403 -> throw errors.denied(null);
      // some servers answer so if they have none of the objects, others if they have no LFS here
      case 404 -> throw missing(batch.get(0), String.valueOf(paths.get(batch.get(0).oid())));
      default ->
          throw status(
              "the LFS objects of '" + paths.get(batch.get(0).oid()) + "' and others", status);
    }
    Map<String, LfsPointer> open = new LinkedHashMap<>();
    batch.forEach(pointer -> open.put(pointer.oid(), pointer));
    Map<String, @Nullable Object> answer =
        JsonText.parseObject(text(connection), "the response of the LFS server");
    if (answer.get("objects") instanceof List<?> answered) {
      for (Object each : answered) {
        Map<?, ?> object = each instanceof Map<?, ?> map ? map : Map.of();
        LfsPointer pointer = open.remove(String.valueOf(object.get("oid")));
        if (pointer != null) {
          download(object, pointer, String.valueOf(paths.get(pointer.oid())));
        }
      }
    }
    for (LfsPointer pointer : open.values()) {
      throw missing(pointer, String.valueOf(paths.get(pointer.oid())));
    }
  }

  private static String text(HttpURLConnection connection) throws IOException {
    try (InputStream in = connection.getInputStream()) {
      return new String(Bounds.response(in, connection.getURL().getHost()).readAllBytes(), UTF_8);
    }
  }

  /** Opens a connection, with the headers that the server wants. */
  private HttpURLConnection open(URI url, Map<String, String> headers) throws IOException {
    HttpURLConnection connection = GitHttp.open(url.toURL(), access.certificates());
    try {
      // Java itself leaves out those that belong to the connection, such as Host
      headers.forEach(connection::setRequestProperty);
    } catch (IllegalArgumentException e) {
      // no cause: it shows the header, which may be a credential
      throw errors.error(
          Code.UNAVAILABLE, "the LFS server asks for a header that isn't valid.", null);
    }
    return connection;
  }

  private void download(Map<?, ?> object, LfsPointer pointer, String path) throws IOException {
    Map<?, ?> actions = object.get("actions") instanceof Map<?, ?> map ? map : Map.of();
    if (!(actions.get("download") instanceof Map<?, ?> action)) {
      throw missing(pointer, path);
    }
    URI url = uri(action.get("href"));
    Map<String, String> headers = headers(action.get("header"));
    if (!Boolean.TRUE.equals(object.get("authenticated"))) {
      authorize(url, headers);
    }
    download(url, headers, pointer, path, 0);
  }

  private void download(
      URI url, Map<String, String> headers, LfsPointer pointer, String path, int redirects)
      throws IOException {
    if (!isHttps(url) && (address.isHttps() || address.isSsh())) {
      throw errors.error(
          Code.INVALID, "the LFS server offers '" + path + "' only without TLS.", null);
    }
    HttpURLConnection connection = open(url, headers);
    int status = GitHttp.status(connection);
    switch (status) {
      case 200 -> {
        try (InputStream in = connection.getInputStream()) {
          keep(Bounds.stream(in, address + "/" + path), pointer, path);
        }
      }
      case 301, 302, 303, 307, 308 -> {
        connection.disconnect();
        if (redirects >= MAX_REDIRECTS) {
          throw status("the LFS object of '" + path + "'", status);
        }
        URI next = next(url, connection.getHeaderField("Location"));
        // what is for one server isn't shown to another
        download(next, isSameServer(url, next) ? headers : Map.of(), pointer, path, redirects + 1);
      }
      case 401, 403 -> throw errors.denied(null);
      case 404, 410 -> throw missing(pointer, path);
      default -> throw status("the LFS object of '" + path + "'", status);
    }
  }

  private URI next(URI url, @Nullable String location) {
    try {
      return uri(url.resolve(new URI(location == null ? "" : location)));
    } catch (URISyntaxException e) {
      return uri(null);
    }
  }

  private static boolean isHttps(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  private static boolean isSameServer(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI url) {
    return url.getPort() > 0 ? url.getPort() : isHttps(url) ? 443 : 80;
  }

  /** Writes the object to a temporary file, checks its SHA-256, and renames it. */
  private void keep(InputStream in, LfsPointer pointer, String path) throws IOException {
    Path file = file(pointer);
    Files.createDirectories(file.getParent());
    // in the folder of all objects, where the next one finds what dead ones left
    Path part = LocalFiles.temporary(file.getParent().getParent(), PART_PREFIX);
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
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("(?i)https?")) {
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

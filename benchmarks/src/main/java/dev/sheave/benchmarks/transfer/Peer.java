package dev.sheave.benchmarks.transfer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that moves trees: a long-running Java process, or a command per move. */
abstract class Peer implements Closeable {
  private final String name;

  /** A move's time, and the highest use of the heap so far if it is Java, else 0. */
  record Taken(long nanos, long heapBytes) {}

  Peer(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Whether it gets faster with use. */
  boolean warmsUp() {
    return false;
  }

  abstract Taken move(Step step, String place, Path folder, Path cache) throws IOException;

  @Override
  public void close() throws IOException {}

  /** Creates a peer for a server. */
  static Peer of(String name, String endpoint, Map<String, String> tools) throws IOException {
    return switch (name) {
      case "sheave", "sheave-bundle", "transfer-manager" -> new JavaPeer(name, endpoint);
      case "s5cmd", "rclone", "s3fs" ->
          new CommandPeer(name, tools.getOrDefault(name, name), endpoint);
      default -> throw new IllegalArgumentException("no peer '" + name + "'");
    };
  }

  private static final class JavaPeer extends Peer {
    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    JavaPeer(String name, String endpoint) throws IOException {
      super(name);
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-Dslf4j.internal.verbosity=ERROR",
                  "-Djavax.net.ssl.trustStore=" + System.getenv("S3_TLS_TRUST_STORE"),
                  "-Djavax.net.ssl.trustStorePassword="
                      + System.getenv("S3_TLS_TRUST_STORE_PASSWORD"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Worker.class.getName(),
                  name,
                  endpoint)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      in =
          new BufferedWriter(
              new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    boolean warmsUp() {
      return true;
    }

    @Override
    Taken move(Step step, String place, Path folder, Path cache) throws IOException {
      in.write((step.isPut() ? "put " : "get ") + place + " " + folder + " " + cache + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new IOException(name() + " ended at " + step);
      }
      String[] words = answer.split(" ", -1);
      return new Taken(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    @Override
    public void close() throws IOException {
      in.close();
      process.destroy();
    }
  }

  private static final class CommandPeer extends Peer {
    private final String tool;
    private final String endpoint;

    CommandPeer(String name, String tool, String endpoint) {
      super(name);
      this.tool = tool;
      this.endpoint = endpoint;
    }

    @Override
    Taken move(Step step, String place, Path folder, Path cache) throws IOException {
      String bucket = System.getenv("S3_BUCKET") + "/" + place;
      ProcessBuilder builder = new ProcessBuilder(command(step.isPut(), bucket, folder));
      builder.environment().put("AWS_ACCESS_KEY_ID", System.getenv("S3_ACCESS_KEY_ID"));
      builder.environment().put("AWS_SECRET_ACCESS_KEY", System.getenv("S3_SECRET_ACCESS_KEY"));
      builder.environment().put("AWS_REGION", "us-east-1");
      builder.environment().put("AWS_CA_BUNDLE", System.getenv("S3_TLS_CERTIFICATE"));
      builder.environment().put("RCLONE_CA_CERT", System.getenv("S3_TLS_CERTIFICATE"));
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
      long start = System.nanoTime();
      try {
        int code = builder.start().waitFor();
        if (code != 0) {
          throw new IOException(name() + " ended with " + code + " at " + step);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Taken(System.nanoTime() - start, 0);
    }

    private List<String> command(boolean put, String remote, Path folder) {
      String local = folder + "/";
      switch (name()) {
        case "s5cmd" -> {
          String url = "s3://" + remote + "/";
          return put
              ? List.of(tool, "--endpoint-url", endpoint, "sync", local, url)
              : List.of(tool, "--endpoint-url", endpoint, "sync", url + "*", local);
        }
        case "rclone" -> {
          String url = ":s3,provider=Other,env_auth,endpoint='" + endpoint + "':" + remote;
          // as many transfers at once as the others have
          List<String> options =
              List.of("--transfers=64", "--checkers=64", "--s3-no-check-bucket", "--config=");
          return put
              ? List.of(
                  tool,
                  "sync",
                  local,
                  url,
                  options.get(0),
                  options.get(1),
                  options.get(2),
                  options.get(3))
              : List.of(
                  tool,
                  "sync",
                  url,
                  local,
                  options.get(0),
                  options.get(1),
                  options.get(2),
                  options.get(3));
        }
        default -> {
          String script =
              "import s3fs,sys\n"
                  + "fs=s3fs.S3FileSystem(client_kwargs={'endpoint_url':sys.argv[1]})\n"
                  + (put
                      ? "fs.put(sys.argv[2],sys.argv[3],recursive=True)"
                      : "fs.get(sys.argv[3]+'/',sys.argv[2],recursive=True)");
          return List.of(tool, "-c", script, endpoint, local, remote);
        }
      }
    }
  }
}

package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.PruneRule;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Version;
import dev.sheave.server.SheaveServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sheave server start}. */
@picocli.CommandLine.Command(
    description = "Start a server that serves the records over HTTP, in the protocol of Prefect 2.",
    footer = {
      "",
      "Ctrl-C waits for the requests in progress to end.",
      "",
      "  $ sheave server start --port 4200"
    })
final class ServerStart extends Command {

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The name or address to listen at. Default: " + SheaveServer.DEFAULT_HOST + ".")
  String host = SheaveServer.DEFAULT_HOST;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port; 0 for a free one. Default: " + SheaveServer.DEFAULT_PORT + ".")
  int port = SheaveServer.DEFAULT_PORT;

  @Option(
      names = "--base-path",
      paramLabel = "PATH",
      description = "What all paths begin with, such as /sheave. Default: nothing.")
  String basePath = "";

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "A PEM file with the certificate for HTTPS. Default: HTTP.")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "A PEM file with the private key of the certificate, in PKCS #8.")
  @Nullable Path certificateKey;

  @Option(
      names = "--trusted-proxies",
      paramLabel = "NETWORK",
      split = ",",
      description =
          "Proxies that say who sends a request, such as 10.0.0.0/8; several separated by commas.")
  List<String> trustedProxies = new ArrayList<>();

  @Option(names = "--no-register", description = "Don't register the block types found here.")
  boolean noRegister;

  @Option(
      names = "--requests-per-second",
      paramLabel = "NUMBER",
      description =
          "How many requests are taken from an API key in a second. Default: "
              + SheaveServer.DEFAULT_REQUESTS_PER_SECOND
              + ".")
  int requestsPerSecond = SheaveServer.DEFAULT_REQUESTS_PER_SECOND;

  @Option(
      names = "--keep-runs",
      paramLabel = "TIME",
      description =
          "How long flow runs that have ended are kept, and audit entries, such as 60d. Default:"
              + " for ever.")
  @Nullable String keepRuns;

  @Option(
      names = "--metrics",
      description = "Measure what the server does, and tell it at /metrics for Prometheus.")
  boolean metrics;

  @Option(
      names = "--unsafe-no-keys",
      description =
          "Listen beyond this machine without API keys, though everybody there can read all"
              + " secrets.")
  boolean unsafeNoKeys;

  @Option(names = "--no-pages", description = "Serve the API alone, without pages for browsers.")
  boolean noPages;

  @Mixin LogFormat logs = new LogFormat();

  @Option(names = "--open", description = "Open the pages in this machine's browser.")
  boolean open;

  @Override
  public int run(Invocation invocation) {
    if ((certificate == null) != (certificateKey == null)) {
      throw new UsageException("--tls-cert and --tls-key belong together; set both or none.");
    }
    Terminal terminal = invocation.terminal();
    Consumer<String> says = logs.lines("sheave.server", terminal::say);
    Sheave sheave = invocation.sheave();
    try (SheaveServer server = settings(sheave).start()) {
      Interrupts interrupt =
          new Interrupts(
              logs.lines("sheave.server", terminal::complain),
              new Interrupts.Step(
                  "Stopping when the requests in progress have ended. Press Ctrl-C again to stop"
                      + " now.",
                  server::close),
              new Interrupts.Step(
                  "Stopping now.", () -> Runtime.getRuntime().halt(CommandRunner.INTERRUPTED)));
      interrupt.install();
      says.accept("Sheave server v" + Version.current() + " serves " + sheave.api().url());
      says.accept("API: " + server.url());
      server.pagesUrl().ifPresent(pages -> says.accept("Pages: " + pages));
      if (open) {
        server.pagesUrl().ifPresent(pages -> Browser.open(pages, terminal));
      }
      server.awaitEnd();
      interrupt.awaitEnd();
      says.accept("Server stopped!");
      return CommandRunner.OK;
    }
  }

  private SheaveServer.Builder settings(Sheave sheave) {
    SheaveServer.Builder settings =
        SheaveServer.builder(sheave)
            .host(host)
            .port(port)
            .basePath(basePath)
            .unsafeNoKeys(unsafeNoKeys)
            .requestsPerSecond(requestsPerSecond)
            .trustedProxies(trustedProxies)
            .registersBlockTypes(!noRegister)
            .metrics(metrics)
            .pages(!noPages);
    if (keepRuns != null) {
      settings.prunes(PruneRule.olderThan(TimeSpan.of("--keep-runs", keepRuns)));
    }
    return certificate == null || certificateKey == null
        ? settings
        : settings.tls(certificate, certificateKey);
  }
}

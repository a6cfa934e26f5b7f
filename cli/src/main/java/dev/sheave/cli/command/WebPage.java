package dev.sheave.cli.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The option that opens the page of a thing in place of showing it. */
final class WebPage {

  @Option(names = "--web", description = "Open its page in this machine's browser instead.")
  boolean isWanted;

  /**
   * Opens a page of the server.
   *
   * @param parts the parts of its path
   * @throws UsageException if the records aren't a server's
   */
  int open(Invocation invocation, String... parts) {
    String api = invocation.sheave().api().url();
    if (!api.startsWith("http")) {
      throw new UsageException(
          "--web needs a server: start one with 'sheave server start', and set SHEAVE_API_URL to"
              + " its API, such as http://127.0.0.1:4200/api.");
    }
    String path =
        Arrays.stream(parts)
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    String address = api.replaceFirst("(/api)?/*$", "") + "/" + path;
    invocation.terminal().say("Opening " + address);
    Browser.open(address, invocation.terminal());
    return CommandRunner.OK;
  }
}

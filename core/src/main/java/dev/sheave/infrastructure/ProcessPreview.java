package dev.sheave.infrastructure;

import dev.sheave.block.Secret;
import dev.sheave.infrastructure.InfrastructureBlock.PreparedRun;
import dev.sheave.internal.ShellWord;
import dev.sheave.internal.UrlLogin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The command line of a process, as a shell would have it, with masks in place of secrets. */
final class ProcessPreview {
  private static final String MASK = "********";

  private final ProcessInfrastructure block;
  private final RunRequest request;
  private final PreparedRun prepared;

  ProcessPreview(ProcessInfrastructure block, RunRequest request, PreparedRun prepared) {
    this.block = block;
    this.request = request;
    this.prepared = prepared;
  }

  String text() {
    ProcessCommand command = new ProcessCommand(block, request, prepared);
    Map<String, String> own = System.getenv();
    Map<String, String> environment = new HashMap<>(own);
    command.setEnvironment(environment);
    List<String> lines = new ArrayList<>();
    lines.add(
        command
            .directory()
            .map(Path::toString)
            .map(directory -> "cd " + ShellWord.of(directory))
            .orElse("cd " + ShellWord.of(RunFolder.of(request).path().resolve("work").toString())));
    own.keySet().stream()
        .filter(name -> !environment.containsKey(name))
        .sorted()
        .forEach(name -> lines.add("unset " + name));
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!value.equals(own.get(name))) {
                lines.add("export " + name + "=" + ShellWord.of(value));
              }
            });
    lines.add(
        command.words(environment, Optional.empty()).stream()
            .map(ShellWord::of)
            .collect(Collectors.joining(" ")));
    lines.add("# standard input: " + keys());
    return masked(String.join("\n", lines));
  }

  private String keys() {
    String all =
        List.of(
                request.api().key().map(key -> "API key " + MASK).orElse(""),
                request.api().encryptionKey().map(key -> "encryption key " + MASK).orElse(""))
            .stream()
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "no keys" : all;
  }

  /** The block's own values aren't secret, but an address, or a value given twice, may have one. */
  private String masked(String text) {
    String masked = UrlLogin.masked(text);
    for (Optional<Secret> secret : List.of(request.api().key(), request.api().encryptionKey())) {
      if (secret.isPresent() && !secret.get().reveal().isBlank()) {
        masked = masked.replace(secret.get().reveal(), MASK);
      }
    }
    return masked;
  }
}

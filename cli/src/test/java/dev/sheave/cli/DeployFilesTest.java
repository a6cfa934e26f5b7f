package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sheave.cli.command.CommandTree;
import dev.sheave.internal.Version;
import dev.sheave.server.SheaveServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files in {@code deploy} say what this version of Sheave knows. */
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("../deploy");

  private static final String IMAGE = "sheave/sheave:" + Version.current();

  private static List<Object> documents(String file) throws IOException {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(DEPLOY.resolve(file)))
        .forEach(documents::add);
    return documents;
  }

  /** Returns what is in a document at a path of names, and of numbers in lists. */
  private static Object at(Object document, Object... path) {
    Object value = document;
    for (Object step : path) {
      value =
          step instanceof Integer index
              ? ((List<?>) value).get(index)
              : Objects.requireNonNull(((Map<?, ?>) value).get(step), step + " in " + value);
    }
    return value;
  }

  private static Map<?, ?> map(Object document, Object... path) {
    return (Map<?, ?>) at(document, path);
  }

  /** Asserts that a command line is one of this version's. */
  private static void assertCommand(Object words) {
    List<String> command = ((List<?>) words).stream().map(String::valueOf).toList();
    assertThat(command.get(0)).isEqualTo("sheave");
    String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
    assertThatCode(() -> CommandTree.parserFor(arguments).parseArgs(arguments))
        .as(String.join(" ", command))
        .doesNotThrowAnyException();
  }

  private static void assertVariables(Set<?> names) throws IOException {
    assertThat(names).isNotEmpty();
    Set<String> known = new HashSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("../core/src/main/java"))) {
      for (Path source : sources.filter(each -> each.toString().endsWith(".java")).toList()) {
        Pattern.compile("\"(SHEAVE_[A-Z_]+)\"")
            .matcher(Files.readString(source))
            .results()
            .forEach(result -> known.add(result.group(1)));
      }
    }
    assertThat(known).contains("SHEAVE_API_URL").containsAll(texts(names));
  }

  private static Set<String> texts(Set<?> values) {
    Set<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(String.valueOf(value)));
    return texts;
  }

  @Test
  void composeStartsAServerAndAnAgentOfThisVersion() throws IOException {
    Object compose = documents("compose.yaml").get(0);
    for (String service : List.of("server", "agent")) {
      assertThat(at(compose, "services", service, "image")).isEqualTo(IMAGE);
      assertCommand(at(compose, "services", service, "command"));
      assertVariables(map(compose, "services", service, "environment").keySet());
    }
    assertThat(at(compose, "services", "server", "ports", 0))
        .isEqualTo("127.0.0.1:4200:" + SheaveServer.DEFAULT_PORT);
    assertThat(at(compose, "services", "agent", "environment", "SHEAVE_API_URL"))
        .isEqualTo("http://server:" + SheaveServer.DEFAULT_PORT + "/api");
    assertThat(at(compose, "services", "server", "environment", "SHEAVE_API_URL"))
        .isEqualTo("jdbc:postgresql://sheave@postgres:5432/sheave");
  }

  @Test
  void kubernetesStartsServersAndAnAgentOfThisVersion() throws IOException {
    List<Object> server = documents("kubernetes/server.yaml");
    List<Object> agent = documents("kubernetes/agent.yaml");
    for (Object deployment : List.of(server.get(0), agent.get(0))) {
      Map<?, ?> container = map(deployment, "spec", "template", "spec", "containers", 0);
      assertThat(container.get("image")).isEqualTo(IMAGE);
      assertCommand(at(container, "args"));
      Set<Object> names = new HashSet<>();
      ((List<?>) at(container, "env")).forEach(each -> names.add(at(each, "name")));
      assertVariables(names);
      assertThat(at(deployment, "spec", "selector", "matchLabels"))
          .isEqualTo(at(deployment, "spec", "template", "metadata", "labels"));
    }
    Map<?, ?> container = map(server.get(0), "spec", "template", "spec", "containers", 0);
    assertThat(at(container, "ports", 0, "containerPort")).isEqualTo(SheaveServer.DEFAULT_PORT);
    assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/api/ready");
    Object service = server.get(1);
    assertThat(at(agent.get(0), "spec", "template", "spec", "containers", 0, "env", 0, "value"))
        .isEqualTo(
            "http://"
                + at(service, "metadata", "name")
                + ":"
                + at(service, "spec", "ports", 0, "port")
                + "/api");
  }
}

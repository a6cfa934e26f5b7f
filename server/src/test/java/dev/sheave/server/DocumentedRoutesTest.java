package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentedRoutesTest {

  @Test
  void theDocumentListsEachRouteWithItsScopeAndStatuses(@TempDir Path folder) throws Exception {
    List<String> documented =
        Files.readAllLines(Path.of("../docs/server.md")).stream()
            .filter(line -> line.matches("\\| [A-Z]+ \\| `/.*"))
            .toList();
    try (ServedStore store = new ServedStore(folder)) {
      List<String> served =
          Routes.over(store.sheave, null).all().stream().map(DocumentedRoutesTest::line).toList();
      assertThat(documented).isEqualTo(served);
    }
  }

  private static String line(Route route) {
    String statuses =
        new TreeSet<>(route.statuses())
            .stream().map(String::valueOf).collect(Collectors.joining(", "));
    String scope = route.scope().name().toLowerCase(Locale.ROOT);
    return "| %s | `%s` | %s | %s |".formatted(route.method(), route.path(), scope, statuses);
  }
}

package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.internal.Backends;
import dev.sheave.internal.Backends.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Maven has to be told of backends itself is told of all in the list. */
class BackendListTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static List<String> found(String file, String pattern) throws IOException {
    TreeSet<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(ROOT.resolve(file)));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return List.copyOf(found);
  }

  @Test
  void theModulesOfTheBuildAreThoseOfTheList() throws IOException {
    assertThat(found("pom.xml", "<module>((?:storage|infra)-[^<]+)</module>"))
        .isEqualTo(Backends.ALL.stream().map(Backend::folder).sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "bom/pom.xml", "dist/pom.xml", "benchmarks/pom.xml"})
  void everyPomThatNamesBackendsNamesAll(String pom) throws IOException {
    assertThat(found(pom, "<artifactId>(sheave-(?:storage|infra)-[^<]+)</artifactId>"))
        .isEqualTo(Backends.ALL.stream().map(Backend::artifact).sorted().toList());
  }

  @Test
  void eachSaysItsModulesNameAndHasItsTypes() throws IOException {
    List<BlockTypeDescriptor> types = new ArrayList<>();
    ServiceLoader.load(BlockProvider.class).forEach(provider -> types.addAll(provider.types()));
    for (Backend backend : Backends.ALL) {
      assertThat(found(backend.folder() + "/pom.xml", "<sheave.module.name>([^<]+)<"))
          .containsExactly(backend.module());
      assertThat(types)
          .filteredOn(type -> type.className().startsWith(backend.module() + "."))
          .extracting(BlockTypeDescriptor::slug)
          .containsExactlyInAnyOrderElementsOf(backend.types());
    }
  }
}

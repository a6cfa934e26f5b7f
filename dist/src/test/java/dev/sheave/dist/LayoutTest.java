package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.flow.internal.NeededLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is in the distribution. */
@Tag("distribution")
class LayoutTest {
  private static final Path DISTRIBUTION = Path.of(System.getProperty("sheave.distribution", ""));

  private static List<String> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(DISTRIBUTION.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theClassPathIsWhatLiesInLib() throws IOException {
    assertThat(Files.readString(DISTRIBUTION.resolve("lib/class-path")).strip().split(":"))
        .containsExactlyElementsOf(jars("lib"));
  }

  /** Each command opens each jar of lib. */
  @Test
  void whatServesHasAFolderOfItsOwn() throws IOException {
    assertThat(Files.readString(DISTRIBUTION.resolve("server/class-path")).strip().split(":"))
        .containsExactlyElementsOf(jars("server"));
    assertThat(jars("server"))
        .anyMatch(name -> name.startsWith("sheave-server-"))
        .anyMatch(name -> name.startsWith("jetty-server-"))
        .anyMatch(name -> name.startsWith("micrometer-registry-prometheus-"));
    assertThat(jars("lib")).doesNotContainAnyElementsOf(jars("server")).hasSizeLessThan(28);
  }

  @Test
  void aBackendHasItsLibrariesAndNoneOfThoseInLib() throws IOException {
    Set<String> shared = new HashSet<>(jars("lib"));
    assertThat(shared).noneMatch(name -> name.contains("storage-"));
    assertThat(jars("backends/s3"))
        .anyMatch(name -> name.startsWith("sheave-storage-s3-"))
        .anyMatch(name -> name.startsWith("s3-"))
        .noneMatch(shared::contains);
  }

  /** The client's types of what isn't asked for, and its other HTTP client, are left out. */
  @Test
  void theKubernetesClientComesWithWhatItNeedsAlone() throws IOException {
    assertThat(jars("backends/k8s"))
        .extracting(name -> name.replaceAll("-\\d.*", ""))
        .containsExactlyInAnyOrder(
            "jackson-dataformat-yaml",
            "kubernetes-client",
            "kubernetes-client-api",
            "kubernetes-httpclient-jdk",
            "kubernetes-model-apps",
            "kubernetes-model-autoscaling",
            "kubernetes-model-batch",
            "kubernetes-model-certificates",
            "kubernetes-model-common",
            "kubernetes-model-core",
            "kubernetes-model-extensions",
            "kubernetes-model-rbac",
            "sheave-infra-k8s",
            "zjsonpatch");
  }

  /** What every installation has isn't uploaded with flows, see {@link NeededLibraries}. */
  @Test
  void sheavesOwnJarsAndTheSharedLibraryAreKnownAsSuch() throws IOException {
    List<Path> shipped = new ArrayList<>();
    try (Stream<Path> files = Files.walk(DISTRIBUTION)) {
      files
          .filter(file -> file.getFileName().toString().matches("(sheave|slf4j-api)-.*\\.jar"))
          .forEach(shipped::add);
    }
    assertThat(shipped).hasSizeGreaterThan(10);
    Path code = DISTRIBUTION.resolve("bin");
    List<Path> classPath = new ArrayList<>(shipped);
    classPath.add(code);

    assertThat(NeededLibraries.of(classPath, code)).containsExactly(code);
  }

  @Test
  void theIndexListsTheBackendsTypes() throws IOException {
    assertThat(Files.readAllLines(DISTRIBUTION.resolve("backends/index.tsv")))
        .contains(
            "s3\tS3\tget-directory,put-directory,read-path,write-path\tdev.sheave.storage.s3.S3\ts3");
  }

  @Test
  void everyLibraryStandsInTheNotice() throws IOException {
    String notice = Files.readString(DISTRIBUTION.resolve("NOTICE"));
    List<String> prefixes =
        notice
            .lines()
            .filter(line -> line.startsWith("  "))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    List<String> folders = new ArrayList<>(List.of("lib", "server"));
    try (Stream<Path> backends = Files.list(DISTRIBUTION.resolve("backends"))) {
      backends
          .filter(Files::isDirectory)
          .forEach(each -> folders.add("backends/" + each.getFileName()));
    }
    assertThat(folders).hasSizeGreaterThan(6);
    for (String folder : folders) {
      assertThat(jars(folder))
          .filteredOn(name -> !name.startsWith("sheave-"))
          .allMatch(name -> prefixes.stream().anyMatch(name::startsWith));
    }
    assertThat(DISTRIBUTION.resolve("LICENSE")).isNotEmptyFile();
  }
}

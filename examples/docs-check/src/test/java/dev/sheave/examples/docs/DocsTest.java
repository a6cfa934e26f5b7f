package dev.sheave.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block of Java on a page of docs/ stands, line by line, in a source file that the build
 * compiles; every block of XML in a POM; and what a page names by a link is there. Indentation and
 * blank lines don't count. A line with dots alone, {@code // …}, leaves something out.
 */
class DocsTest {
  static final Path ROOT = root();
  private static final Set<String> NOT_SOURCES =
      Set.of("target", ".git", ".services", "node_modules");
  private static final Pattern SNIPPET = Pattern.compile("(?ms)^```(java|xml)\\n(.*?)^```$");
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\\)");

  /** A block of code on a page. */
  record Snippet(String page, int line, String language, String code) {
    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs"))
        || !Files.isDirectory(folder.resolve("core"))) {
      folder = folder.resolve("..").normalize();
      assertThat(folder.getNameCount()).as("folders above this one").isPositive();
    }
    return folder;
  }

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList().stream();
    }
  }

  static Stream<Snippet> snippets() throws IOException {
    List<Snippet> found = new ArrayList<>();
    for (Path page : pages().toList()) {
      String text = Files.readString(page);
      Matcher snippet = SNIPPET.matcher(text);
      while (snippet.find()) {
        int line = (int) text.substring(0, snippet.start()).lines().count() + 1;
        found.add(
            new Snippet(
                ROOT.relativize(page).toString(), line, snippet.group(1), snippet.group(2)));
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void theCodeOfAPageIsCompiled(Snippet snippet) throws IOException {
    List<String> parts =
        Stream.of(snippet.code().split("(?m)^\\s*(//|<!--) …( -->)?$"))
            .map(DocsTest::lines)
            .filter(part -> !part.isBlank())
            .toList();

    boolean isCompiled =
        Sources.of(snippet.language().equals("java") ? ".java" : "pom.xml").stream()
            .anyMatch(source -> hasInOrder(source, parts));
    assertThat(isCompiled)
        .as("whether a source file of the build has the code at %s:\n%s", snippet, snippet.code())
        .isTrue();
  }

  private static boolean hasInOrder(String source, List<String> parts) {
    int from = 0;
    for (String part : parts) {
      int at = source.indexOf(part, from);
      if (at < 0) {
        return false;
      }
      // the line break at its end may be the one that the next starts with
      from = at + part.length() - 1;
    }
    return true;
  }

  /** Whole lines only, so that half a statement isn't found in another. */
  private static String lines(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageLinksToIsThere(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    List<String> broken = new ArrayList<>();
    while (link.find()) {
      if (!Files.exists(page.resolveSibling(link.group(1)))) {
        broken.add(link.group(1));
      }
    }

    assertThat(broken).as("broken links of %s", page).isEmpty();
  }

  /** The files of the build, read once. */
  private static final class Sources {
    private static final Map<String, List<String>> BY_ENDING = new TreeMap<>();

    static synchronized List<String> of(String ending) throws IOException {
      List<String> sources = BY_ENDING.get(ending);
      if (sources == null) {
        sources = read(ending);
        BY_ENDING.put(ending, sources);
      }
      return sources;
    }

    private static List<String> read(String ending) throws IOException {
      List<String> sources = new ArrayList<>();
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return NOT_SOURCES.contains(String.valueOf(folder.getFileName()))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (file.toString().endsWith(ending)) {
                sources.add(lines(Files.readString(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
      return sources;
    }
  }
}

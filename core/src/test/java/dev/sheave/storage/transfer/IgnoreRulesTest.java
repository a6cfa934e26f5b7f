package dev.sheave.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {
  @TempDir Path directory;

  @Test
  void anIgnoreFileMayBeOneOfAnotherEditors() throws IOException {
    Path file = directory.resolve(".sheaveignore");
    Files.writeString(file, "\uFEFFsecret.env\r\n*.log\r\nodd\rname\n# no rule\r\nlast\r");

    IgnoreRules rules = IgnoreRules.in(directory);

    assertThat(rules.ignores(RelativePath.parse("secret.env"), false)).isTrue();
    assertThat(rules.ignores(RelativePath.parse("a.log"), false)).isTrue();
    assertThat(rules.ignores(RelativePath.parse("last"), false)).isTrue();
    assertThat(rules.ignores(RelativePath.parse("odd"), false)).isFalse();
    assertThat(rules.ignores(RelativePath.parse("name"), false)).isFalse();

    Files.write(file, "*.log".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> IgnoreRules.in(directory))
        .hasMessage(
            "The ignore file '" + file + "' can't be read: it is UTF-16 text; save it as UTF-8.");
  }

  @Test
  void anIgnoreFileWithANulCharacterIsRefused() throws IOException {
    Path file = directory.resolve(".sheaveignore");
    Files.writeString(file, "*.log\r\n\nsecret\0.env\n");

    assertThatThrownBy(() -> IgnoreRules.in(directory))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessage("The ignore file '" + file + "' has a NUL character in line 3: remove it.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # pattern  | ignored              | not ignored
          *.log      | a.log                | a.log.txt
          *.log      | deep/down/a.log      | a.logs
          /a.txt     | a.txt                | sub/a.txt
          sub/a.txt  | sub/a.txt            | other/sub/a.txt
          **/a.txt   | other/sub/a.txt      | a.txt.bak
          sub/**     | sub/x/y              | sub
          a/**/b     | a/b                  | ab
          a/**/b     | a/x/y/b              | a/x/c
          build/     | build/x              | build
          ?.txt      | a.txt                | ab.txt
          [a-c].txt  | b.txt                | d.txt
          [!a-c].txt | d.txt                | b.txt
          [^a-c].txt | d.txt                | b.txt
          [[:digit:]]| 7                    | x
          c++        | c++                  | ccc
          {a,b}      | '{a,b}'              | a

          (x)        | (x)                  | x
          $x^        | $x^                  | x
          \\#x       | '#x'                 | \\#x
          \\!x       | !x                   | x
          a\\*b      | a*b                  | axb
          with space | with space           | with
          grüße      | grüße                | gruesse
          """)
  void patternsAreGits(String pattern, String ignored, String notIgnored) {
    IgnoreRules rules = IgnoreRules.of(pattern);

    assertThat(rules.ignoresFile(ignored)).isTrue();
    if (notIgnored.indexOf('\\') < 0) {
      assertThat(rules.ignoresFile(notIgnored)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*a*a*a*a*a*a*a*a*a*a*b",
        "**/a*/**/*a*/**/a*a*a*a*a*/**/b",
        "*[a]*[a]*[a]*[a]*[a]b"
      })
  @Timeout(10)
  void aPatternWithManyStarsIsMatchedSoon(String pattern) {
    IgnoreRules rules = IgnoreRules.of(pattern);

    assertThat(ignored(rules, "a".repeat(200))).isFalse();
    assertThat(ignored(rules, "aaaaaaaaaaaaa/".repeat(100) + "a")).isFalse();
    assertThat(ignored(rules, "aaaaaaaaaaaaa/".repeat(100) + "aaaaaaaaaab"))
        .isEqualTo(pattern.indexOf('/') < 0);
  }

  @Test
  void theLastPatternThatMatchesDecides() {
    IgnoreRules rules = IgnoreRules.of("*.log\n!keep.log\nkeep.log.d/\n");

    assertThat(ignored(rules, "a.log")).isTrue();
    assertThat(ignored(rules, "keep.log")).isFalse();
    assertThat(ignored(rules, "sub/keep.log")).isFalse();
  }

  @Test
  void whatLiesInAnIgnoredDirectoryCanNotBeLetInAgain() {
    assertThat(ignored(IgnoreRules.of("node/\n!node/keep.js"), "node/keep.js")).isTrue();
    assertThat(ignored(IgnoreRules.of("node/*\n!node/keep.js"), "node/keep.js")).isFalse();
    assertThat(ignored(IgnoreRules.of("*\n!workflows/\n!workflows/*"), "workflows/a.py")).isFalse();
  }

  @Test
  void commentsBlankLinesAndSpacesAtTheEndDoNotCount() {
    IgnoreRules rules = IgnoreRules.of("# a\n\n   \na.txt   \r\nb\\ \n");

    assertThat(ignored(rules, "a.txt")).isTrue();
    assertThat(ignored(rules, "# a")).isFalse();
    assertThat(ignored(rules, "b ")).isTrue();
    assertThat(ignored(rules, "b")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[a", "a\\", "[z-a]", "[[:nonsense:]]", "!", "/", "//"})
  void aPatternThatCanNotMatchMatchesNothing(String pattern) {
    IgnoreRules rules = IgnoreRules.of(pattern);

    assertThat(ignored(rules, "a")).isFalse();
    assertThat(ignored(rules, "[")).isFalse();
  }

  @Test
  void aDirectorysOwnFileComesFirstThenTheOtherNameThenTheDefaults() throws IOException {
    assertThat(IgnoreRules.in(directory)).isSameAs(IgnoreRules.DEFAULTS);

    Files.writeString(directory.resolve(".prefectignore"), "a\n");
    assertThat(ignored(IgnoreRules.in(directory), "a")).isTrue();
    assertThat(ignored(IgnoreRules.in(directory), "target/x")).isFalse();

    Files.writeString(directory.resolve(".sheaveignore"), "b\n");
    assertThat(ignored(IgnoreRules.in(directory), "a")).isFalse();
    assertThat(ignored(IgnoreRules.in(directory), "b")).isTrue();
    assertThat(IgnoreRules.in(directory).source()).isEqualTo("'.sheaveignore'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "target/classes/A.class",
        "module/target/a.jar",
        "build/libs/a.jar",
        ".git/config",
        ".git",
        ".idea/x",
        ".gradle/x",
        ".env",
        ".venv/bin/python",
        "__pycache__/a.pyc",
        "sub/.DS_Store",
        "web/node_modules/x/y",
        ".sheaveignore",
        ".prefectignore",
        ".sheave-manifest.json",
        "sub/.sheave-put-1.json",
        ".sheave",
        "sub/.sheave/keys",
        "x.sheave/.sheave-part-1/a"
      })
  void theDefaultsLeaveOut(String path) {
    assertThat(ignored(IgnoreRules.DEFAULTS, path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LogFlow.java",
        "com/acme/LogFlow.class",
        "src/main/java/com/acme/target/Goal.java",
        "src/main/java/com/acme/build/Builder.java",
        "lib/a.jar",
        "data/.hidden",
        ".envrc",
        ".sheaverc",
        "x.sheave/a.sheave-b",
        "logs/a.log",
        "pom.xml"
      })
  void theDefaultsLetIn(String path) {
    assertThat(ignored(IgnoreRules.DEFAULTS, path)).isFalse();
  }

  @Test
  void aProgramsOwnOutputCanBeLeftOutWhateverThePatternsSay() {
    IgnoreRules rules =
        IgnoreRules.of("!deployment.yaml").excluding(RelativePath.of("deployment.yaml"));

    assertThat(ignored(rules, "deployment.yaml")).isTrue();
    assertThat(ignored(rules, "sub/deployment.yaml")).isFalse();
  }

  @Test
  void anIgnoreFileThatCanNotBeReadIsNamed() throws IOException {
    assertThatThrownBy(() -> IgnoreRules.fromFile(directory.resolve("missing")))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContaining("missing");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> IgnoreRules.fromFile(binary))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  /** Thousands of random patterns against trees of random names, decided by git itself. */
  @Test
  void gitDecidesTheSame() throws Exception {
    Assumptions.assumeTrue(runs("git", "--version"), "git isn't here to compare with");
    assertThat(runs("git", "init", "-q")).isTrue();
    Random random = new Random(20261123);
    List<String> alphabet =
        List.of(
            "a",
            "b",
            "ab",
            "*",
            "**",
            "?",
            "[ab]",
            "[!a]",
            "/",
            "/",
            "\\a",
            "\\*",
            ".",
            "+",
            "{",
            "(",
            "|",
            "$",
            "^",
            "-",
            " ",
            "[a-b]",
            "[]a]",
            "[",
            "]",
            "!",
            "#",
            "[[:alpha:]]",
            "***",
            "\\");
    Set<String> paths = new TreeSet<>();
    List<String> names =
        List.of(
            "a", "b", "ab", "ba", "a.b", "a+", "{", "(", "|", "$", "-", "a b", "[", "]", "!", "#");
    for (int i = 0; i < 120; i++) {
      StringBuilder path = new StringBuilder(pick(random, names));
      for (int depth = random.nextInt(4); depth > 0; depth--) {
        path.append('/').append(pick(random, names));
      }
      paths.add(path.toString());
    }
    List<String> files = existing(paths);
    List<String> differing = new ArrayList<>();
    int ignored = 0;
    for (int round = 0; round < 150; round++) {
      StringBuilder text = new StringBuilder();
      for (int line = random.nextInt(4); line >= 0; line--) {
        text.append(random.nextInt(4) == 0 ? "!" : "");
        for (int part = random.nextInt(5); part >= 0; part--) {
          text.append(pick(random, alphabet));
        }
        text.append(random.nextInt(4) == 0 ? "/" : "").append('\n');
      }
      Set<String> gits = ignoredByGit(text.toString(), files);
      ignored += gits.size();
      IgnoreRules rules = IgnoreRules.of(text.toString());
      for (String file : files) {
        if (ignored(rules, file) != gits.contains(file)) {
          differing.add(
              text.toString().replace("\n", "⏎") + " " + file + " git: " + gits.contains(file));
        }
      }
    }
    assertThat(differing).isEmpty();
    assertThat(ignored).as("files that git ignored in all rounds").isGreaterThan(500);
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Makes the files that don't need another to be a folder. */
  private List<String> existing(Set<String> paths) throws IOException {
    List<String> files = new ArrayList<>();
    for (String path : paths) {
      Path file = directory.resolve(path);
      try {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        files.add(path);
      } catch (FileSystemException inTheWay) {
        // a file where this one needs a folder, or the reverse
      }
    }
    return files;
  }

  private Set<String> ignoredByGit(String rules, List<String> files) throws Exception {
    Files.writeString(directory.resolve(".gitignore"), rules);
    Process git =
        new ProcessBuilder("git", "check-ignore", "--no-index", "-z", "--stdin")
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream in = git.getOutputStream()) {
      in.write(String.join("\0", files).getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    git.waitFor();
    return Set.of(out.split("\0"));
  }

  private boolean runs(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ignored(IgnoreRules rules, String path) {
    return rules.ignoresFile(path);
  }
}

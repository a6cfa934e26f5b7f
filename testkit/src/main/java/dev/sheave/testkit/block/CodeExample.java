package dev.sheave.testkit.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The code that a block type shows its users. */
final class CodeExample {
  private static final Pattern FENCED = Pattern.compile("(?s)```java\\n(.*?)\\n?```");

  private final String code;
  private final Class<?> type;

  CodeExample(String text, Class<?> type) {
    Matcher fenced = FENCED.matcher(text);
    this.code = fenced.find() ? fenced.group(1) : text;
    this.type = type;
  }

  String code() {
    return code;
  }

  /**
   * Fails unless the code compiles: as statements, with its own imports and some that go without
   * saying.
   */
  void compile(Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assumeTrue(compiler != null, "there is no Java compiler here");
    String imports = lines(true);
    String source =
        "import dev.sheave.block.*;\nimport java.time.*;\nimport java.util.*;\nimport "
            + type.getName().replace('$', '.')
            + ";\n"
            + imports
            + "\nclass CodeExample {\n  void run() throws Exception {\n"
            + lines(false)
            + "\n  }\n}\n";
    StringWriter said = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("memory:///CodeExample.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of(
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString());
    boolean isJava = compiler.getTask(said, null, null, options, null, List.of(file)).call();
    assertThat(isJava).as("%s\n%s", said, source).isTrue();
  }

  private String lines(boolean isImport) {
    return code.lines()
        .filter(line -> line.startsWith("import ") == isImport)
        .collect(Collectors.joining("\n"));
  }
}

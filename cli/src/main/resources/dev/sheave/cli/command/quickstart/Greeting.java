import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A greeting, kept in a file that is deployed beside the code. */
record Greeting(String pattern) {

  static Greeting read() throws IOException {
    return new Greeting(Files.readString(Path.of("greeting.txt")).strip());
  }

  String to(String name) {
    return pattern.formatted(name);
  }
}

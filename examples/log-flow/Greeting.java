import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A greeting with a gap for a name. */
record Greeting(String text) {

  /** Reads the greeting that was deployed beside the flow. */
  static Greeting read() throws IOException {
    return new Greeting(Files.readString(Path.of("greeting.txt")).strip());
  }

  /** Greets somebody. */
  String to(String name) {
    return text.replace("{name}", name);
  }
}

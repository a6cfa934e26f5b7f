package dev.sheave.dist;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A secret that would be recognized wherever it stood, in whichever form. */
final class Canary {
  /** Every way to write a text writes this one differently. */
  static final String TEXT = "4711/q\"Z&w\\k+é=x";

  private static final Map<String, String> FORMS = forms();

  private Canary() {}

  /** The forms as they would stand in bytes, each byte as a character, by name. */
  private static Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    forms.put("plain", latin1(bytes));
    forms.put("in Latin 1", TEXT);
    forms.put("in UTF-16", latin1(TEXT.getBytes(StandardCharsets.UTF_16LE)));
    String json = TEXT.replace("\\", "\\\\").replace("\"", "\\\"");
    forms.put("escaped for JSON", latin1(json.getBytes(StandardCharsets.UTF_8)));
    forms.put("escaped for JSON in ASCII", json.replace("é", "\\u00e9"));
    forms.put("escaped for JSON in HTML", json.replace("&", "\\u0026").replace("é", "\\u00e9"));
    forms.put("URL-encoded", URLEncoder.encode(TEXT, StandardCharsets.UTF_8));
    forms.put("in hex", HexFormat.of().formatHex(bytes));
    // in the midst of something its Base64 depends on where it begins, but for its ends
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      int from = before == 0 ? 0 : 4;
      int to = shifted.length / 3 * 4;
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        forms.put(
            "in Base64 from " + before + (encoder == Base64.getEncoder() ? "" : " for URLs"),
            encoder.encodeToString(shifted).substring(from, to));
      }
    }
    return forms;
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Names the forms in which it stands in something. */
  static List<String> formsIn(byte[] content) {
    String characters = latin1(content);
    List<String> found = new ArrayList<>();
    FORMS.forEach(
        (name, form) -> {
          if (characters.contains(form)) {
            found.add(name);
          }
        });
    return found;
  }

  static List<String> formsIn(String content) {
    return formsIn(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Names the files below a folder in which it stands, in their content or their name. */
  static List<String> filesWithItIn(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        formsIn(file.toString()).forEach(form -> found.add("name of " + file + ": " + form));
        if (Files.isRegularFile(file)) {
          formsIn(Files.readAllBytes(file)).forEach(form -> found.add(file + ": " + form));
        }
      }
    }
    return found;
  }

  /** Writes something with it in a form, for the test of the tests. */
  static byte[] inAForm(String form) {
    String in = "before " + FORMS.get(form) + " after";
    return in.getBytes(StandardCharsets.ISO_8859_1);
  }

  static List<String> allForms() {
    return List.copyOf(FORMS.keySet());
  }

  /** Writes it as a JSON text. */
  static String inJson() {
    return "\"" + TEXT.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}

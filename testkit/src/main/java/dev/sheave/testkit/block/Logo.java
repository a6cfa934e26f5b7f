package dev.sheave.testkit.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * The size of a logo, in pixels.
 *
 * @param width the width
 * @param height the height
 */
record Logo(double width, double height) {

  /** Reads the logo of a class: a PNG or SVG beside it. */
  static Logo of(Class<?> type, String resource) throws IOException {
    byte[] content;
    try (InputStream in = type.getResourceAsStream(resource)) {
      assertThat(in).as("the logo '%s' beside %s", resource, type).isNotNull();
      content = Objects.requireNonNull(in).readAllBytes();
    }
    if (resource.endsWith(".svg")) {
      String svg = new String(content, StandardCharsets.UTF_8);
      return new Logo(attribute(svg, "width"), attribute(svg, "height"));
    }
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(content));
    assertThat(image).as("'%s' is a PNG or an SVG", resource).isNotNull();
    return new Logo(image.getWidth(), image.getHeight());
  }

  private static double attribute(String svg, String name) {
    Matcher size =
        Pattern.compile("<svg\\b[^>]*?\\s" + name + "\\s*=\\s*[\"']([0-9.]+)(px)?[\"']")
            .matcher(svg);
    assertThat(size.find()).as("the svg element has a %s in pixels", name).isTrue();
    return Double.parseDouble(size.group(1));
  }
}

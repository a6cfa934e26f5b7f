package dev.sheave.server.internal.pages;

import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Markdown of programs, as HTML for a page: HTML in it is text, images are links, since pages load
 * nothing from elsewhere, and links of other kinds than http and https are none. Safe for use by
 * several threads.
 */
final class Markdown {
  private static final List<TablesExtension> EXTENSIONS =
      List.of((TablesExtension) TablesExtension.create());

  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();

  private Markdown() {}

  /** Returns the HTML of a text. */
  static String html(String text) {
    Node document = PARSER.parse(text);
    document.accept(new Unlinking());
    return RENDERER.render(document);
  }

  private static final class Unlinking extends AbstractVisitor {
    @Override
    public void visit(Link link) {
      visitChildren(link);
      if (Show.link(link.getDestination()) == null) {
        replace(link, null);
      }
    }

    @Override
    public void visit(Image image) {
      visitChildren(image);
      String address = Show.link(image.getDestination());
      replace(image, address == null ? null : new Link(address, image.getTitle()));
    }

    /** Puts another node in the place of one, around what is in it; or what is in it alone. */
    private static void replace(Node node, @Nullable Node other) {
      Node child = node.getFirstChild();
      while (child != null) {
        Node next = child.getNext();
        if (other == null) {
          node.insertBefore(child);
        } else {
          other.appendChild(child);
        }
        child = next;
      }
      if (other != null) {
        node.insertBefore(other);
      }
      node.unlink();
    }
  }
}

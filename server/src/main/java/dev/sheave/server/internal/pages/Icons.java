package dev.sheave.server.internal.pages;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The icons of the pages. They are written into the page: icons in a file of their own would hold
 * up its first paint by another request.
 */
final class Icons {
  /** A name, and what is drawn on a field of 24 × 24; the style sheet says how lines look. */
  private static final Map<String, String> SHAPES =
      """
      artifact <path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>
      audit <path d="M8 4h8v3H8zM8 5.5H5.5V21h13V5.5H16M9 12l2 2 4-4M9 18h6"/>
      block <path d="M12 2.8l8 4.6v9.2l-8 4.6-8-4.6V7.4zM4.2 7.5L12 12l7.8-4.5M12 12v9"/>
      bolt <path d="M13 2.5L5.5 14H11l-1 7.5L17.5 10H12z"/>
      check <path d="M5 12.5l4.5 4.5L19 7.5"/>
      clock <circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>
      copy <rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 5.5V4H4v11h1.5"/>
      cross <path d="M6 6l12 12M18 6L6 18"/>
      deployment <path d="M12 15V3M7.5 7.5L12 3l4.5 4.5M4 14v6h16v-6"/>
      dots <circle cx="5.5" cy="12" r="1.3" fill="currentColor"/><circle cx="12" cy="12" r="1.3" fill="currentColor"/><circle cx="18.5" cy="12" r="1.3" fill="currentColor"/>
      flow <circle cx="5" cy="6" r="2.2"/><circle cx="19" cy="6" r="2.2"/><circle cx="12" cy="18" r="2.2"/><path d="M7 7.5l3.7 8.6M17 7.5l-3.7 8.6M7.2 6h9.6"/>
      home <path d="M3 11l9-8 9 8M5.5 9.5V20h13V9.5M10 20v-6h4v6"/>
      limit <path d="M4 18a8.5 8.5 0 1 1 16 0M12 14.5l4-4.5"/><circle cx="12" cy="15" r="1.5"/>
      lock <rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>
      pause <path d="M8.5 6v12M15.5 6v12"/>
      play <path d="M8 5.5l10 6.5-10 6.5z" fill="currentColor"/>
      plus <path d="M12 5v14M5 12h14"/>
      pool <path d="M4 6h16M4 12h16M4 18h10"/><circle cx="19" cy="18" r="1.6"/>
      run <circle cx="12" cy="12" r="9"/><path d="M10 8.5l5.5 3.5-5.5 3.5z"/>
      search <circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5"/>
      settings <circle cx="12" cy="12" r="3"/><path d="M12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M18.5 5.5l-2.1 2.1M7.6 16.4l-2.1 2.1"/>
      slash <circle cx="12" cy="12" r="8.5"/><path d="M6 18L18 6"/>
      theme <circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>
      variable <path d="M8 4c-4 4.5-4 11.5 0 16M16 4c4 4.5 4 11.5 0 16M9.5 9.5l5 5M14.5 9.5l-5 5"/>
      """
          .lines()
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(words -> words[0], words -> words[1]));

  private Icons() {}

  /** An icon as part of a page; the words beside it say the same. */
  static String svg(String name) {
    String shape = SHAPES.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no icon " + name);
    }
    return "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">" + shape + "</svg>";
  }
}

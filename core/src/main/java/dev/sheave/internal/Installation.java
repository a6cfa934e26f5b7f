package dev.sheave.internal;

/** The backends that an installation of Sheave brings, beside the class path. */
public final class Installation {
  /** The system property that names their folder. */
  public static final String BACKENDS_PROPERTY = "sheave.backends";

  /**
   * The file in the folder that lists their block types, one a line: slug, name, capabilities
   * separated by commas, class, and the folder with its jars, separated by tabs. With it, no jar
   * has to be opened to list the types.
   */
  public static final String INDEX = "index.tsv";

  private Installation() {}
}

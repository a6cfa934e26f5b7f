package dev.sheave;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what later releases may change of the public types of a package, or of one type. Packages
 * named {@code internal} have no mark: they aren't API, and change at any time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.PACKAGE, ElementType.TYPE})
public @interface Stability {

  /** The degree. */
  Level value();

  /** What may change. */
  enum Level {
    /** Nothing that would break a program that uses it, before the next major release. */
    STABLE,
    /** Anything, in each release; its notes say what. */
    EXPERIMENTAL
  }
}

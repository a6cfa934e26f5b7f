package dev.sheave.block;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a field of a block, or of a record in one: a parameter of the block's constructor, or a
 * component of the record.
 *
 * <p>A field that is {@link org.jspecify.annotations.Nullable} or an {@link java.util.Optional} may
 * be left out, and so may one with a default.
 *
 * <p>On a constant of an enum it gives the constant another name in documents.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
public @interface BlockField {
  /** The name in documents; by default the parameter's, in lower case with underscores. */
  String name() default "";

  /** The display name; by default made from the name: {@code Bucket Path}. */
  String title() default "";

  /** The description: a sentence that ends with a full stop. */
  String description();

  /** An example of a value, shown where a user types one. */
  String placeholder() default "";

  /** The default value, as JSON; empty for no default. */
  String defaultValue() default "";

  /** Whether it is a text that names a file or folder of this machine, and is saved as absolute. */
  LocalPath localPath() default LocalPath.NO;

  /**
   * What a relative path, or one that starts with {@code ~}, stands for: who reads it later may be
   * another user in another directory, so it is resolved when it is saved, against the directory of
   * the program that saves it.
   */
  enum LocalPath {
    /** It isn't such a path. */
    NO,
    /** It is one; null stays null. */
    YES,
    /** It is one; null stands for the current directory. */
    OR_CURRENT_DIRECTORY
  }
}

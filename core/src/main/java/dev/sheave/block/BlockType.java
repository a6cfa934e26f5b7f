package dev.sheave.block;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a block type: its slug, name and description. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface BlockType {
  /** The slug that references use, such as {@code s3}: lowercase letters, numbers and dashes. */
  String slug();

  /** The display name, such as {@code Local File System}. */
  String name();

  /** The description, in sentences. */
  String description();

  /** The logo: a resource beside the class, a square PNG or SVG. */
  String logo() default "";

  /** The URL of the documentation. */
  String documentationUrl() default "";

  /** Java code that loads and uses a block named {@code BLOCK_NAME}. */
  String codeExample() default "";
}

package dev.sheave.block;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names a block class and says what people read about it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface BlockType {
  /** What references name it by, such as {@code s3}: lowercase letters, numbers and dashes. */
  String slug();

  /** What people call it, such as {@code Local File System}. */
  String name();

  /** About it; sentences. */
  String description();

  /** The logo: a resource beside the class, a square PNG or SVG. */
  String logo() default "";

  /** Where there is more to read. */
  String documentationUrl() default "";

  /** Java code that loads and uses a block named {@code BLOCK_NAME}. */
  String codeExample() default "";
}

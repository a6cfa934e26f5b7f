package dev.sheave.flow;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a parameter of a flow. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Param {
  /**
   * The parameter's name; by default the one in the source, where it was compiled with {@code
   * -parameters}.
   */
  String value() default "";

  /** About the parameter. */
  String description() default "";

  /** The default value: JSON, or a plain string; empty for no default. */
  String defaultValue() default NONE;

  /** Stands for no default. */
  String NONE = "\u0000";
}

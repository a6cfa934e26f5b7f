package dev.sheave.flow;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a flow: something that can be deployed and run elsewhere.
 *
 * <p>The method is public, static, or an instance method of a public class with a public
 * no-argument constructor.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Flow {
  /** The flow's name; by default the method's, with dashes: {@code logFlow} is {@code log-flow}. */
  String name() default "";

  /** About the flow. */
  String description() default "";

  /** The version of the code. */
  String version() default "";

  /** How many more times a failed run is tried. */
  int retries() default 0;

  /** How long to wait before a failed run is tried again, in seconds. */
  double retryDelaySeconds() default 0;

  /**
   * Whether a run is also tried again, within {@link #retries}, when it was running and what
   * executes it has ended before it, such as a process that was killed.
   */
  boolean retryCrashed() default true;

  /** How long a run may take, in seconds; 0 for any time. */
  double timeoutSeconds() default 0;
}

package dev.sheave.agent;

import java.util.function.Consumer;

/**
 * What takes the output of a run.
 *
 * @param lines takes the lines
 * @param positions takes the position after each line
 */
record RunOutput(Consumer<String> lines, Consumer<String> positions) {
  static final RunOutput NONE = new RunOutput(line -> {}, position -> {});
}

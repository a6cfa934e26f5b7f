package dev.sheave.infrastructure;

import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A flow run to be executed.
 *
 * @param flowRunId the run
 * @param name its name
 * @param labels labels for the infrastructure, if it has labels; the block's own override them
 * @param apiUrl the URL of the orchestrator for the run
 * @param apiKey its API key, or null; never put into an environment or a command line
 * @param home {@code SHEAVE_HOME} of the program that starts it, for runs on the same machine
 * @param output receives the lines of the run's standard output and error, if the block streams
 *     them
 */
public record RunRequest(
    UUID flowRunId,
    String name,
    Map<String, String> labels,
    String apiUrl,
    @Nullable Secret apiKey,
    Path home,
    Consumer<String> output) {}

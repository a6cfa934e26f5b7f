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
 * @param name what people call it
 * @param labels what to mark the infrastructure with, where it has labels; the block's own come
 *     over these
 * @param apiUrl how the run reaches its records
 * @param apiKey the key for them, or null; never put into an environment or a command line
 * @param encryptionKey the key, or keys, that secrets in the records are encrypted with, for a run
 *     that opens the store itself; null for the one in {@code home}; never put into an environment
 *     or a command line
 * @param settings environment variables by which the run has further settings of the program that
 *     starts it
 * @param home {@code SHEAVE_HOME} of the program that starts it, for what executes on the same
 *     machine
 * @param output takes the lines of the run's standard output and error, if the block streams them
 */
public record RunRequest(
    UUID flowRunId,
    String name,
    Map<String, String> labels,
    String apiUrl,
    @Nullable Secret apiKey,
    @Nullable Secret encryptionKey,
    Map<String, String> settings,
    Path home,
    Consumer<String> output) {}

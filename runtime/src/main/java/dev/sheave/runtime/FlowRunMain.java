package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.flow.Entrypoint;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.infrastructure.internal.ExitCodes;
import dev.sheave.internal.Settings;
import dev.sheave.runtime.internal.CommonPoolThreads;
import dev.sheave.runtime.internal.ProcessLogging;
import dev.sheave.runtime.internal.RunLog;
import dev.sheave.runtime.internal.Throwables;
import dev.sheave.runtime.loader.DirectoryFlowLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/**
 * The process of a flow run: executes the run that {@code SHEAVE__FLOW_RUN_ID} names, in the
 * working directory; its code is that of its deployment, unless {@code SHEAVE__CODE} and {@code
 * SHEAVE__ENTRYPOINT} say where it is.
 *
 * <p>The API key, if there is one, is in the file that {@code SHEAVE_API_KEY_FILE} names. If that
 * isn't set, it is the first line of standard input, and the encryption key the second. The exit
 * code is 0 when the run's end was recorded or there was nothing to do, whatever the outcome of the
 * flow; {@value ExitCodes#NOT_RECORDED} if it could not be recorded for {@value
 * RetryTimeout#VARIABLE}; 1 for anything unexpected.
 */
public final class FlowRunMain {
  /** How long shutdown hooks of the flow may take. */
  private static final Duration SHUTDOWN = Duration.ofSeconds(5);

  /** How long the keys may take, once this process runs. */
  private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(30);

  private FlowRunMain() {}

  /** Executes the run, and ends the virtual machine. */
  public static void main(String[] arguments) {
    ProcessLogging.install();
    CommonPoolThreads.install();
    int code = 1;
    try {
      execute();
      code = 0;
    } catch (SheaveException e) {
      code = e.code() == Code.UNAVAILABLE ? ExitCodes.NOT_RECORDED : 1;
      System.err.println(e.getMessage());
    } catch (Throwable e) { // the process must end, and say why
      System.err.println(Throwables.stackTrace(e));
    }
    AbruptExit.haltLater(SHUTDOWN, code);
    System.exit(code); // threads that the flow left don't keep the process
  }

  private static void execute() throws IOException {
    String id = System.getenv(InfrastructureBlock.FLOW_RUN_ID);
    if (id == null) {
      throw new IllegalStateException(InfrastructureBlock.FLOW_RUN_ID + " is not set");
    }
    Duration timeout = RetryTimeout.of(System.getenv());
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) ->
            LoggerFactory.getLogger(RunLog.LOGGER_NAME)
                .error("Exception in thread '{}':", thread.getName(), error));
    Sheave.Builder connection = Sheave.builder();
    HandedKeys keys =
        System.getenv(Settings.API_KEY_FILE) == null
            ? HandedKeys.read(System.in, KEYS_TIMEOUT, System.err::println)
            : HandedKeys.NONE;
    keys.apiKey().ifPresent(connection::key);
    if (Settings.encryptionKey(System.getenv()).isEmpty()) {
      keys.encryptionKey().ifPresent(connection::encryptionKey);
    }
    Sheave sheave = UntilAvailable.call(timeout, connection::connect);
    Sheave.use(sheave);
    String attempt = System.getenv(RunVariables.ATTEMPT);
    FlowRunEngine engine =
        new FlowRunEngine(
            sheave, new DirectoryFlowLoader(), attempt == null ? null : Integer.valueOf(attempt));
    String code = System.getenv(RunVariables.CODE);
    String entrypoint = System.getenv(RunVariables.ENTRYPOINT);
    if (code != null && entrypoint != null) {
      engine.run(UUID.fromString(id), Path.of(code), Entrypoint.parse(entrypoint));
    } else {
      engine.run(UUID.fromString(id), Path.of("").toAbsolutePath());
    }
    // the connection stays open for threads that the flow has left; it ends with the process
  }
}

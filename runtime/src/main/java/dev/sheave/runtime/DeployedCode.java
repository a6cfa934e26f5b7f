package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.block.Block;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.internal.Settings;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The code of a deployment: downloads it from its storage to a directory, and loads the flow. */
final class DeployedCode {
  /** What puts leave where they put code. */
  private static final String TRANSFERRED = ".sheave-*";

  private final Sheave sheave;
  private final FlowLoader loader;
  private final Logger logger;

  DeployedCode(Sheave sheave, FlowLoader loader, Logger logger) {
    this.sheave = sheave;
    this.loader = loader;
    this.logger = logger;
  }

  /**
   * Loads the flow of a run, after it has fetched the code.
   *
   * @param known its deployment, if that was read
   * @param inPlace returns where code lies that is used there
   * @param directory where other code is put
   */
  LoadedFlow fetch(
      FlowRunRecord run,
      Optional<DeploymentRecord> known,
      Function<DeploymentRecord, Optional<Path>> inPlace,
      Supplier<Path> directory) {
    UUID deploymentId = run.deploymentId();
    if (deploymentId == null) {
      throw new SheaveException(
          Code.INVALID,
          "The run '" + run.name() + "' has no deployment, so its code can't be found.");
    }
    DeploymentRecord deployment =
        known.orElseGet(
            () ->
                UntilAvailable.call(
                    FlowRunEngine.TIMEOUT,
                    () -> sheave.api().deployments().readDeployment(deploymentId)));
    Entrypoint entrypoint = entrypoint(deployment);
    Optional<Path> there = inPlace.apply(deployment);
    Path code = there.orElseGet(directory);
    if (there.isEmpty()) {
      download(deployment, code);
    }
    return loader.load(code, entrypoint, sheave.blocks().registry());
  }

  /**
   * Returns the directory of this machine with a deployment's sources, which can be used there
   * unless a transfer has put them there.
   */
  static Optional<Path> inPlace(DeploymentRecord deployment) {
    DeploymentSpec spec = deployment.spec();
    if (spec.storageDocumentId() != null
        || spec.path() == null
        || spec.path().isEmpty()
        || !isSource(spec.entrypoint())) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> ofTransfer =
        Files.newDirectoryStream(Path.of(spec.path()), TRANSFERRED)) {
      return ofTransfer.iterator().hasNext()
          ? Optional.empty()
          : Optional.of(Path.of(spec.path()).toAbsolutePath());
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // the download says why
    }
  }

  private static boolean isSource(@Nullable String entrypoint) {
    try {
      return entrypoint != null
          && !Entrypoint.isPython(entrypoint)
          && Entrypoint.parse(entrypoint).isSource();
    } catch (SheaveException e) {
      return false; // who loads it says so
    }
  }

  private static Entrypoint entrypoint(DeploymentRecord deployment) {
    String text = deployment.spec().entrypoint();
    if (text == null) {
      throw new SheaveException(
          Code.INVALID, "The deployment '" + deployment.fullName() + "' has no entrypoint.");
    }
    Entrypoint entrypoint = Entrypoint.parse(text);
    if (Entrypoint.isPython(text)) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The deployment '"
              + deployment.fullName()
              + "' belongs to a Python flow, '"
              + text
              + "'; leave 'command' out of its infrastructure, so that Python executes it.");
    }
    return entrypoint;
  }

  private void download(DeploymentRecord deployment, Path directory) {
    DeploymentSpec spec = deployment.spec();
    UUID storageId = spec.storageDocumentId();
    String path = spec.path() == null ? "" : spec.path();
    if (storageId == null) {
      if (path.isEmpty()) {
        throw new SheaveException(
            Code.INVALID,
            "The deployment '"
                + deployment.fullName()
                + "' has neither storage nor a path to its code.");
      }
      get(LocalFileSystem.builder().basepath(path).build(), RelativePath.ROOT, directory);
      return;
    }
    Block block = UntilAvailable.call(FlowRunEngine.TIMEOUT, () -> sheave.blocks().load(storageId));
    if (!(block instanceof ReadableStorage storage)) {
      throw new SheaveException(
          Code.INVALID,
          "The block '"
              + block.displayName()
              + "' can't be used as storage for code: it can't be read from.");
    }
    get(storage, RelativePath.of(path), directory);
  }

  private void get(ReadableStorage storage, RelativePath path, Path directory) {
    logger.info("Downloading flow code from storage at '{}'", storage.location(path));
    TransferListener warnings =
        new TransferListener() {
          @Override
          public void warning(String message) {
            logger.warn(message);
          }
        };
    storage.getDirectory(
        path,
        directory,
        TransferOptions.DEFAULTS
            .withListener(warnings)
            .withCache(Settings.home(System.getenv()).resolve("cache")));
  }
}

package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.RelativePath;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** An image with the code of flows, made by the engine from another image. */
final class CodeImage {
  private static final String FLOWS = "flows/";

  private final Engine engine;
  private final String base;
  private final String name;

  CodeImage(Engine engine, String base, String name) {
    this.engine = engine;
    this.base = base;
    this.name = name;
  }

  void build(FileTree code) {
    try {
      Path context = Files.createTempFile("sheave-image-", ".tar");
      try {
        write(context, code);
        build(context);
      } finally {
        Files.delete(context);
      }
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  /** What the engine is sent; a file, since trees may be large. */
  private void write(Path context, FileTree code) throws IOException {
    String steps =
        "FROM " + base + "\nCOPY " + FLOWS + " " + InfrastructureBlock.CODE_IN_IMAGES + "/\n";
    try (TarArchive archive =
        new TarArchive(new BufferedOutputStream(Files.newOutputStream(context)))) {
      archive.add("Dockerfile", 0644, steps.getBytes(StandardCharsets.UTF_8));
      archive.addFolder(FLOWS);
      for (Map.Entry<RelativePath, Path> each : code.files().entrySet()) {
        archive.add(FLOWS + each.getKey(), each.getValue());
      }
    }
  }

  private void build(Path context) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(context))) {
      engine.call(
          "build the image '" + name + "'",
          docker -> {
            try (BuildImageResultCallback result =
                docker
                    .buildImageCmd(in)
                    .withTags(Set.of(name))
                    .withForcerm(true)
                    .exec(new BuildImageResultCallback())) {
              return result.awaitImageId();
            } catch (DockerClientException e) {
              throw e.getCause() instanceof InterruptedException
                  ? new SheaveException(
                      Code.INTERRUPTED, "The image '" + name + "' was not built.", e)
                  : failed(String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
              throw failed(String.valueOf(e.getMessage()), e);
            }
          });
    }
  }

  private SheaveException failed(String reason, Exception cause) {
    return new SheaveException(
        Code.INTERNAL,
        "Docker at '"
            + engine.host()
            + "' can't build the image '"
            + name
            + "' from '"
            + base
            + "': "
            + EngineErrors.line(EngineErrors.message(reason))
            + ".",
        cause);
  }
}

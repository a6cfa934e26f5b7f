package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.cli.terminal.TransferProgress;
import dev.sheave.flow.Entrypoint;
import dev.sheave.infrastructure.ImageBuilder;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.internal.Folders;
import dev.sheave.internal.IoReason;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave image build}. */
@picocli.CommandLine.Command(
    description =
        "Build an image that has a deployment's code, so that its runs need no storage: with the"
            + " code of the deployment's storage, or, if it has none, with that in this directory.",
    footer = {
      "",
      "The image is Sheave's own with the code in /opt/sheave/flows. Docker builds it without a"
          + " registry; 'docker push' brings it to other machines.",
      "",
      "  $ sheave image build log-flow/baked -t registry.example.com/flows:1 --apply"
    })
final class ImageBuild extends Command {
  private static final String DOCKER = "docker-container";
  private static final int DIGEST_LENGTH = 12;

  @Parameters(paramLabel = "FLOW/DEPLOYMENT", description = "The deployment.")
  String deployment = "";

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "IMAGE",
      description = "The image's name. Default: FLOW/DEPLOYMENT:DIGEST of the code.")
  @Nullable String tag;

  @Option(
      names = "--base",
      paramLabel = "IMAGE",
      description = "The image that it is built from. Default: Sheave's own of this version.")
  @Nullable String base;

  @Option(
      names = "--directory",
      paramLabel = "FOLDER",
      description = "The folder with the code, in place of the deployment's storage.")
  @Nullable String directory;

  @Option(
      names = {"-ib", "--infra-block"},
      paramLabel = "TYPE/NAME",
      description =
          "The block whose engine builds it. Default: the deployment's, if that has one, else"
              + " 'docker-container' with its defaults.")
  @Nullable String infraBlock;

  @Option(
      names = {"-a", "--apply"},
      description = "Also let the deployment use it: without storage, and with this image.")
  boolean apply;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Blocks blocks = invocation.sheave().blocks();
    DeploymentRecord record = invocation.sheave().deployments().read(deployment);
    UUID runsOn = record.spec().infrastructureDocumentId();
    Block infrastructure =
        runsOn == null ? blocks.create("process", Map.of()) : blocks.load(runsOn);
    ImageBuilder builder = builder(blocks, infrastructure);
    UUID storage = record.spec().storageDocumentId();
    if (storage == null || directory != null) {
      Path code = directory == null ? terminal.directory() : terminal.resolve(directory);
      build(record, infrastructure, builder, code, invocation);
      return CommandRunner.OK;
    }
    try {
      Path code = Files.createTempDirectory("sheave-code-");
      try (TransferProgress progress = new TransferProgress(terminal, "Downloading")) {
        String path = record.spec().path();
        StoragePlace.storage(blocks.load(storage))
            .getDirectory(
                RelativePath.of(path == null ? "" : path),
                code,
                TransferOptions.DEFAULTS.withListener(progress));
        build(record, infrastructure, builder, code, invocation);
      } finally {
        Folders.delete(code);
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "The code can't be downloaded: " + IoReason.of(e) + ".", e);
    }
    return CommandRunner.OK;
  }

  private ImageBuilder builder(Blocks blocks, Block infrastructure) {
    String wanted = infraBlock;
    if (wanted == null) {
      return infrastructure instanceof ImageBuilder own
          ? own
          : (ImageBuilder) blocks.create(DOCKER, Map.of());
    }
    if (blocks.load(wanted) instanceof ImageBuilder builder) {
      return builder;
    }
    throw new SheaveException(
        Code.UNSUPPORTED, "'" + wanted + "' can't build images; use a 'docker-container' block.");
  }

  private void build(
      DeploymentRecord record,
      Block infrastructure,
      ImageBuilder builder,
      Path code,
      Invocation invocation) {
    DeploymentSpec spec = record.spec();
    checkHasFlow(spec, code);
    FileTree files = FileTree.of(code, IgnoreRules.in(code));
    String image = tag == null ? defaultTag(record, files) : tag;
    DeploymentSpec changed =
        apply ? withImage(invocation.sheave().blocks(), spec, infrastructure, image) : spec;
    builder.buildImage(files, base, image);
    Terminal terminal = invocation.terminal();
    int count = files.files().size();
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Built the image '" + image + "' with " + count + (count == 1 ? " file." : " files.")));
    if (apply) {
      invocation.sheave().api().deployments().applyDeployment(changed);
      terminal.say(
          "The deployment '" + record.fullName() + "' uses it, without storage, from now on.");
    }
  }

  /** Source files lie where the entrypoint says; where a class is, only a run knows. */
  private static void checkHasFlow(DeploymentSpec spec, Path code) {
    String entrypoint = spec.entrypoint();
    if (entrypoint != null
        && (Entrypoint.isPython(entrypoint) || Entrypoint.parse(entrypoint).isSource())) {
      Path file = code.resolve(Entrypoint.parse(entrypoint).location());
      if (!Files.isRegularFile(file)) {
        throw new SheaveException(
            Code.NOT_FOUND,
            "The flow's file '"
                + file
                + "' doesn't exist; run the command where the code is, or name that folder with"
                + " --directory.");
      }
    }
  }

  private static DeploymentSpec withImage(
      Blocks blocks, DeploymentSpec spec, Block infrastructure, String image) {
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>(spec.infraOverrides());
    overrides.put("image", image);
    return spec.toBuilder()
        .storageDocumentId(null)
        .path(InfrastructureBlock.CODE_IN_IMAGES)
        .infraOverrides(InfraOverrides.check(blocks, infrastructure, overrides))
        .build();
  }

  /** Another one for other code, so that an engine that has the former one doesn't use it. */
  private static String defaultTag(DeploymentRecord record, FileTree files) {
    return word(record.flowName()) + "/" + word(record.spec().name()) + ":" + digest(files);
  }

  private static String word(String name) {
    String word =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return word.isEmpty() ? "flows" : word;
  }

  private static String digest(FileTree files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        for (Map.Entry<RelativePath, Path> each : files.files().entrySet()) {
          out.write(
              (each.getKey() + "\n" + Files.size(each.getValue()) + "\n")
                  .getBytes(StandardCharsets.UTF_8));
          try (InputStream in = Files.newInputStream(each.getValue())) {
            in.transferTo(out);
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "The code can't be read: " + IoReason.of(e) + ".", e);
    }
  }
}

package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sheave deployment inspect}. */
@picocli.CommandLine.Command(
    description = "Show a deployment.",
    footer = {"", "  $ sheave deployment inspect log-flow/log-flow-s3 -o json"})
final class DeploymentInspect extends ViewCommand {

  @Parameters(
      paramLabel = "FLOW/DEPLOYMENT",
      description = "The deployment, such as log-flow/log-flow-s3.")
  String name = "";

  @Mixin WebPage page = new WebPage();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Sheave sheave = invocation.sheave();
    DeploymentRecord deployment = sheave.deployments().read(name);
    if (page.isWanted) {
      return page.open(invocation, "deployments", deployment.flowName(), deployment.spec().name());
    }
    Map<String, @Nullable Object> json =
        new LinkedHashMap<>(DeploymentJson.DEPLOYMENT.toJson(deployment));
    json.put("infrastructure", block(sheave, deployment.spec().infrastructureDocumentId()));
    json.put("storage", block(sheave, deployment.spec().storageDocumentId()));
    if (format == Format.JSON) {
      return printJson(terminal, json);
    }
    Table table = new Table("FIELD", "VALUE");
    json.forEach(
        (field, value) ->
            table.add(field, value == null || value instanceof String ? value : Json.write(value)));
    table.print(terminal);
    return 0;
  }

  /** A block's values, its secrets masked, with its type and name. */
  private static @Nullable Map<String, @Nullable Object> block(Sheave sheave, @Nullable UUID id) {
    if (id == null) {
      return null;
    }
    BlockDocumentRecord document = sheave.api().blocks().readBlockDocument(id, false);
    Map<String, @Nullable Object> json = new LinkedHashMap<>(document.data());
    json.put("block_type_slug", document.blockSchema().blockType().slug());
    if (!document.isAnonymous()) {
      json.put("_block_document_name", document.name());
    }
    return json;
  }
}

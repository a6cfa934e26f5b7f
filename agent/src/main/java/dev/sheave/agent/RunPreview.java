package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.internal.Arguments;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What would be started for a run of a deployment, for people. */
public final class RunPreview {
  private RunPreview() {}

  /**
   * Describes it: a command line, a container or a manifest. Secrets are masked. Nothing is
   * started, and no run is created; in place of a run's id stand zeros.
   *
   * @param overrides of the run, for its infrastructure block
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if the infrastructure block is gone,
   *     {@code INVALID} if an override doesn't fit it, or it can't be started with its values
   */
  public static String of(
      Sheave sheave, DeploymentRecord deployment, Map<String, @Nullable Object> overrides) {
    Arguments.notNull(sheave, "sheave");
    Arguments.notNull(deployment, "deployment");
    Arguments.notNull(overrides, "overrides");
    InfrastructureResolver.Target target =
        new InfrastructureResolver(sheave).example(deployment, overrides);
    return target.infrastructure().preview(target.request());
  }
}

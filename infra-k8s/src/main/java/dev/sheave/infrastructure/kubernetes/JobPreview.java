package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.util.Set;

/** Describes a job as YAML, as the cluster would complete it. */
final class JobPreview {
  private final Cluster cluster;
  private final JobManifest manifest;

  JobPreview(Cluster cluster, JobManifest manifest) {
    this.cluster = cluster;
    this.manifest = manifest;
  }

  String text() {
    String key =
        manifest.request().api().key().isPresent()
            ? "# and a secret of that name with the run's key\n"
            : "";
    try {
      return key + cluster.serialization().asYaml(dryRun(cluster, manifest));
    } catch (SheaveException e) {
      if (!Set.of(Code.UNAVAILABLE, Code.PERMISSION_DENIED, Code.CONFLICT).contains(e.code())) {
        throw e;
      }
      return key
          + "# as it is sent, for the cluster didn't complete it: "
          + ClusterErrors.line(String.valueOf(e.getMessage()))
          + "\n"
          + cluster.serialization().asYaml(manifest.job(cluster));
    }
  }

  /**
   * Lets the cluster check and complete the job, and create nothing.
   *
   * @throws SheaveException its reason if it refuses it
   */
  static Job dryRun(Cluster cluster, JobManifest manifest) {
    Job job = manifest.job(cluster);
    Job completed =
        cluster.call(
            "create the job '" + manifest.jobName() + "'",
            api -> api.resource(job).dryRun().fieldValidation(Validation.STRICT).create());
    completed.getMetadata().setManagedFields(null);
    return completed;
  }
}

package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.ApiKeyFile;
import dev.sheave.infrastructure.RunningInfrastructure;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of one job. Its name makes it unique: of several who start the same run at once, one
 * creates it. It needs no further step, so whoever finds it has nothing to complete.
 */
final class JobStart {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJob.class);

  private final Cluster cluster;
  private final JobManifest manifest;
  private final JobSearch search;

  JobStart(Cluster cluster, JobManifest manifest) {
    this.cluster = cluster;
    this.manifest = manifest;
    this.search = new JobSearch(cluster, manifest);
  }

  RunningInfrastructure start() {
    manifest.checkApi();
    return search.follow(createOrFind(), null);
  }

  /** It is looked for only if its name is taken: who starts a run waits for no list. */
  private Job createOrFind() {
    JobResources resources =
        new JobResources(cluster, manifest.namespace(cluster), manifest.jobName());
    Job job = manifest.job(cluster);
    try {
      manifest
          .request()
          .api()
          .key()
          .ifPresent(
              key ->
                  resources.writeSecret(
                      manifest.identity(), ApiKeyFile.NAME, ApiKeyFile.content(key)));
      LOG.info("Creating Kubernetes job '{}'...", manifest.jobName());
      return createOrFind(resources, job);
    } catch (SheaveException e) {
      throw hasNoRoom(e)
          ? new SheaveException(Code.UNAVAILABLE, String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  private Job createOrFind(JobResources resources, Job job) {
    try {
      Job created =
          cluster.call(
              "create the job '" + manifest.jobName() + "'",
              api -> api.resource(job).fieldValidation(Validation.STRICT).create());
      if (manifest.request().api().key().isPresent()) {
        resources.ownSecret(created);
      }
      return created;
    } catch (SheaveException e) {
      if (e.code() == Code.CONFLICT) {
        Optional<Job> others = search.find();
        if (others.isPresent()) {
          return others.get();
        }
      }
      if (e.code() != Code.UNAVAILABLE) { // otherwise it may have been created
        resources.deleteSecret();
      }
      throw e;
    }
  }

  /** A quota forbids what may be allowed soon. */
  private static boolean hasNoRoom(SheaveException e) {
    return e.code() == Code.PERMISSION_DENIED
        && String.valueOf(e.getMessage()).contains("exceeded quota");
  }
}

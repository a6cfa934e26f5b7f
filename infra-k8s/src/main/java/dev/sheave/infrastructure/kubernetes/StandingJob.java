package dev.sheave.infrastructure.kubernetes;

import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.StandingRun;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A job that stands, found by its labels. */
record StandingJob(
    Cluster cluster,
    JobResources resources,
    UUID flowRunId,
    int attempt,
    Instant created,
    boolean isRunning)
    implements StandingRun {

  static List<StandingRun> list(Cluster cluster, String namespace, UUID store) {
    return cluster
        .call(
            "list jobs",
            api ->
                api.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withLabel(RunRequest.STORE_ID_LABEL, store.toString())
                    .list())
        .getItems()
        .stream()
        .filter(JobSearch::isKept)
        .flatMap(each -> of(cluster, each).stream())
        .toList();
  }

  private static Optional<StandingRun> of(Cluster cluster, Job job) {
    Map<String, String> labels = job.getMetadata().getLabels();
    boolean isOver =
        JobState.annotation(job, JobState.ENDED_ANNOTATION) != null
            || new JobState(job, false, List.of(), Set.of()).isFinished();
    try {
      return Optional.of(
          new StandingJob(
              cluster,
              new JobResources(
                  cluster, job.getMetadata().getNamespace(), job.getMetadata().getName()),
              UUID.fromString(labels.getOrDefault(RunRequest.FLOW_RUN_ID_LABEL, "")),
              Integer.parseInt(labels.getOrDefault(RunRequest.ATTEMPT_LABEL, "")),
              Instant.parse(job.getMetadata().getCreationTimestamp()),
              !isOver));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else has put the label there
    }
  }

  @Override
  public String pid() {
    return resources.pid();
  }

  @Override
  public void remove() {
    resources.stopPods();
    resources.delete();
  }
}

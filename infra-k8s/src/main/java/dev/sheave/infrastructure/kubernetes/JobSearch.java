package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.RunRequest;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the job of a run that this program or another has started. */
final class JobSearch {
  private static final Pattern PID =
      Pattern.compile("(?<cluster>[^:]+):(?<namespace>[a-z0-9-]+):(?<job>[a-z0-9.-]+)");

  private final Cluster cluster;
  private final JobManifest manifest;

  JobSearch(Cluster cluster, JobManifest manifest) {
    this.cluster = cluster;
    this.manifest = manifest;
  }

  /** Finds it by the run and its attempt. */
  Optional<Job> find() {
    String namespace = manifest.namespace(cluster);
    return cluster
        .call(
            "list jobs",
            api ->
                api.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withLabels(manifest.identity())
                    .list())
        .getItems()
        .stream()
        .filter(JobSearch::isKept)
        .min(Comparator.comparing(each -> each.getMetadata().getCreationTimestamp()));
  }

  /** Whether its run's end isn't recorded so far. */
  static boolean isKept(Job job) {
    return JobState.annotation(job, JobState.RECORDED_ANNOTATION) == null
        && job.getMetadata().getDeletionTimestamp() == null;
  }

  /** See {@link dev.sheave.infrastructure.Infrastructure#attach}. */
  FollowedJob attach(@Nullable String pid, @Nullable String position) {
    Job found = (pid == null ? find() : findByPid(pid)).orElseThrow(() -> notFound(pid));
    return follow(found, position);
  }

  FollowedJob follow(Job job, @Nullable String position) {
    FollowedJob followed = new FollowedJob(cluster, manifest, job);
    followed.follow(position);
    return followed;
  }

  private SheaveException notFound(@Nullable String pid) {
    RunRequest request = manifest.request();
    return new SheaveException(
        Code.NOT_FOUND,
        pid == null
            ? "No job was created for attempt "
                + request.attempt()
                + " of flow run '"
                + request.flowRunId()
                + "' in the namespace '"
                + manifest.namespace(cluster)
                + "' at '"
                + cluster.address()
                + "'."
            : "The job '" + pid + "' no longer exists, or is another run's.");
  }

  private Optional<Job> findByPid(String pid) {
    Matcher matcher = PID.matcher(pid);
    if (!matcher.matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'" + pid + "' isn't the identifier of a job; it must be like 'CLUSTER:NAMESPACE:JOB'.");
    }
    if (!matcher.group("cluster").equals(cluster.id())) {
      throw new SheaveException(
          Code.OUT_OF_REACH,
          "The job '"
              + pid
              + "' is in another cluster than that at '"
              + cluster.address()
              + "', which is '"
              + cluster.id()
              + "'.");
    }
    return new JobResources(cluster, matcher.group("namespace"), matcher.group("job"))
        .job()
        .filter(JobSearch::isKept)
        .filter(this::isOfThisRun);
  }

  private boolean isOfThisRun(Job job) {
    Map<String, String> labels =
        Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.of());
    return manifest
        .request()
        .flowRunId()
        .toString()
        .equals(labels.get(RunRequest.FLOW_RUN_ID_LABEL));
  }
}

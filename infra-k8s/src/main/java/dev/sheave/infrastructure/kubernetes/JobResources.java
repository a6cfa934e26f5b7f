package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job in a cluster, with its pods and the secret with its key: what is asked of the cluster. */
final class JobResources {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJob.class);

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final Cluster cluster;
  private final String namespace;
  private final String name;

  JobResources(Cluster cluster, String namespace, String name) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  /** The identifier of the job, for all programs. */
  String pid() {
    return cluster.id() + ":" + namespace + ":" + name;
  }

  Optional<Job> job() {
    return cluster.find(
        "show the job '" + name + "'",
        api -> api.batch().v1().jobs().inNamespace(namespace).withName(name).get());
  }

  List<Pod> pods() {
    return cluster
        .<PodList>call(
            "list the pods of the job '" + name + "'",
            api -> api.pods().inNamespace(namespace).withLabel("job-name", name).list())
        .getItems();
  }

  /** Changes a few fields of the job; does nothing if it is gone. */
  void patch(Map<String, @Nullable Object> changes) {
    Optional<Job> unused =
        cluster.find(
            "change the job '" + name + "'",
            api ->
                api.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(MERGE, JsonText.write(changes)));
  }

  /** Adds an annotation to the job. */
  void annotate(String key, String value) {
    patch(Map.of("metadata", Map.of("annotations", Map.of(key, value))));
  }

  void deletePod(String pod, long graceSeconds) {
    cluster.find(
        "delete the pod '" + pod + "'",
        api ->
            api.pods().inNamespace(namespace).withName(pod).withGracePeriod(graceSeconds).delete());
  }

  /** Lets the job make no more pods, and deletes those there are. */
  void stopPods() {
    patch(Map.of("spec", Map.of("suspend", true)));
    pods().forEach(each -> deletePod(each.getMetadata().getName(), 1));
  }

  /** Deletes the job and its secret; its pods are deleted by the cluster. */
  void delete() {
    cluster.find(
        "delete the job '" + name + "'",
        api ->
            api.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete());
    deleteSecret();
  }

  void deleteSecret() {
    cluster.find(
        "delete the secret '" + name + "'",
        api -> api.secrets().inNamespace(namespace).withName(name).delete());
  }

  /**
   * Writes the secret with the run's key. It is there before the job, whose pod wouldn't start
   * without it.
   */
  void writeSecret(Map<String, String> labels, String key, String value) {
    Secret secret =
        secret()
            .editMetadata()
            .withLabels(new LinkedHashMap<>(labels))
            .endMetadata()
            .withStringData(Map.of(key, value))
            .build();
    String what = "create the secret '" + name + "'";
    try {
      cluster.call(what, api -> api.resource(secret).create());
    } catch (SheaveException e) {
      if (e.code() != Code.CONFLICT) {
        throw e;
      }
      // of a program that died, or that starts the same run now
      cluster.call(what, api -> api.resource(secret).patch(MERGE, secret));
    }
  }

  /**
   * What of it is sent: to patch it as text, the client would read it, which needs a right more.
   */
  private SecretBuilder secret() {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata();
  }

  /** Gives the secret to the job: it is deleted with it, whoever does that. */
  void ownSecret(Job job) {
    Secret owned =
        secret()
            .editMetadata()
            .addNewOwnerReference()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(name)
            .withUid(job.getMetadata().getUid())
            .endOwnerReference()
            .endMetadata()
            .build();
    try {
      Optional<Secret> unused =
          cluster.find(
              "give the secret '" + name + "' to its job",
              api -> api.resource(owned).patch(MERGE, owned));
    } catch (SheaveException e) {
      LOG.warn("The secret '{}' is not deleted with its job by others: {}", name, e.getMessage());
    }
  }

  /** Returns what the cluster noted of an object last, as a sentence; empty if nothing is known. */
  Optional<String> lastWarning(String kind, String object) {
    try {
      return cluster
          .call(
              "list events",
              api ->
                  api.v1()
                      .events()
                      .inNamespace(namespace)
                      .withField("involvedObject.kind", kind)
                      .withField("involvedObject.name", object)
                      .withField("type", "Warning")
                      .list())
          .getItems()
          .stream()
          .filter(each -> each.getMessage() != null)
          .max(Comparator.comparing(JobResources::timeOf))
          .map(each -> JobState.sentence(each.getReason() + ": " + each.getMessage()));
    } catch (SheaveException e) {
      LOG.debug("The events of '{}' can't be seen: {}", object, e.getMessage());
      return Optional.empty();
    }
  }

  private static String timeOf(Event event) {
    return Objects.requireNonNullElse(
        event.getLastTimestamp(),
        Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), ""));
  }
}

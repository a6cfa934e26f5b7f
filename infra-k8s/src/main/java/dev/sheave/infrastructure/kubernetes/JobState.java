package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.storage.backend.JsonText;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster says of a run: only the conditions of the job and how the container that executes
 * the run has terminated end it.
 *
 * @param job as it was seen last
 * @param isJobGone whether it was deleted
 * @param pods those of the job, as they were seen last
 * @param gonePods the names of those that were deleted
 */
record JobState(Job job, boolean isJobGone, Collection<Pod> pods, Set<String> gonePods) {
  /** Of a job that was ended by Sheave: how, as JSON. */
  static final String ENDED_ANNOTATION = "sheave.dev/ended";

  /** Of a job whose run's end is recorded: nobody needs it. */
  static final String RECORDED_ANNOTATION = "sheave.dev/recorded";

  /** How long the state of a container may come after that of its job. */
  private static final Duration LATE_STATE = Duration.ofSeconds(30);

  private static final Set<String> NEVER_RAN =
      Set.of("StartError", "ContainerCannotRun", "CreateContainerError", "RunContainerError");
  private static final String OUT_OF_MEMORY = "OOMKilled";

  /** The exit code of a process that was ended by force. */
  private static final int SIGKILLED = 128 + 9;

  /** Waits of containers that end by themselves, unlike all others. */
  private static final Set<String> USUAL_WAITS = Set.of("ContainerCreating", "PodInitializing");

  /** The name of the container that executes the run. */
  static String containerOf(Job job) {
    String noted = annotation(job, JobManifest.CONTAINER_ANNOTATION);
    return noted != null
        ? noted
        : job.getSpec().getTemplate().getSpec().getContainers().get(0).getName();
  }

  static @Nullable String annotation(Job job, String key) {
    Map<String, String> notes = job.getMetadata().getAnnotations();
    return notes == null ? null : notes.get(key);
  }

  /** The pod that executes the run: the newest. */
  Optional<Pod> pod() {
    return pods.stream()
        .max(
            Comparator.comparing((Pod each) -> !isGone(each))
                .thenComparing(each -> each.getMetadata().getCreationTimestamp()));
  }

  boolean isGone(Pod pod) {
    return gonePods.contains(pod.getMetadata().getName());
  }

  /** The state of the container that executes the run. */
  Optional<ContainerState> container() {
    return pod().flatMap(this::containerOf);
  }

  private Optional<ContainerState> containerOf(Pod pod) {
    String name = containerOf(job);
    List<ContainerStatus> all =
        pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
            ? List.of()
            : pod.getStatus().getContainerStatuses();
    return all.stream()
        .filter(each -> name.equals(each.getName()))
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Whether there is, or was, output. */
  boolean hasStarted() {
    return container()
        .map(each -> each.getRunning() != null || each.getTerminated() != null)
        .orElse(false);
  }

  private Optional<ContainerStateTerminated> terminated(Pod pod) {
    return containerOf(pod)
        .map(ContainerState::getTerminated)
        .filter(each -> each.getExitCode() != null);
  }

  private Optional<JobCondition> condition(String type) {
    List<JobCondition> all =
        job.getStatus() == null || job.getStatus().getConditions() == null
            ? List.of()
            : job.getStatus().getConditions();
    return all.stream()
        .filter(each -> type.equals(each.getType()) && "True".equals(each.getStatus()))
        .findFirst();
  }

  /** Whether the job itself is over. */
  boolean isFinished() {
    return condition("Complete").isPresent() || condition("Failed").isPresent();
  }

  /** Whether it has no pods as long as nobody lets it go on. */
  static boolean isSuspended(Job job) {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  /** Whether a container beside the run's keeps a pod from its end. */
  static boolean isRunning(Pod pod) {
    return pod.getStatus() != null
        && Stream.ofNullable(pod.getStatus().getContainerStatuses())
            .flatMap(List::stream)
            .anyMatch(each -> each.getState() != null && each.getState().getRunning() != null);
  }

  private boolean isReplaced(Pod pod, int exitCode) {
    if (isFinished() || isJobGone || exitCode == 0) {
      return false;
    }
    Integer more = job.getSpec().getBackoffLimit();
    return more == null
        || more > 0
        || job.getSpec().getPodFailurePolicy() != null && disruption(pod).isPresent();
  }

  /**
   * How it ended; empty if it hasn't.
   *
   * @param now by the cluster's clock
   */
  Optional<Ended> end(Instant now) {
    Optional<Ended> noted =
        Optional.ofNullable(annotation(job, ENDED_ANNOTATION)).flatMap(JobState::read);
    if (noted.isPresent()) {
      return noted;
    }
    Optional<Pod> pod = pod();
    Optional<ContainerStateTerminated> terminated = pod.flatMap(this::terminated);
    if (terminated.isPresent() && !isReplaced(pod.get(), terminated.get().getExitCode())) {
      return Optional.of(ended(pod.get(), terminated.get()));
    }
    boolean hasFailed =
        pod.isPresent()
            && pod.get().getStatus() != null
            && "Failed".equals(pod.get().getStatus().getPhase());
    if (terminated.isEmpty() && hasFailed && !isReplaced(pod.get(), -1)) {
      return Optional.of(failed(pod.get()));
    }
    if (isJobGone) {
      return Optional.of(Ended.gone("The job was deleted."));
    }
    if (isFinished() && (pod.isEmpty() || isGone(pod.get()) || isLate(now))) {
      return Optional.of(byCondition());
    }
    return Optional.empty();
  }

  private boolean isLate(Instant now) {
    return Stream.of("Complete", "Failed")
        .flatMap(type -> condition(type).stream())
        .map(JobCondition::getLastTransitionTime)
        .filter(Objects::nonNull)
        .anyMatch(time -> Instant.parse(time).plus(LATE_STATE).isBefore(now));
  }

  private static Ended killed(String reason) {
    return new Ended(Kind.KILLED, OptionalInt.empty(), reason);
  }

  private Ended byCondition() {
    if (condition("Complete").isPresent()) {
      return Ended.withCode(0);
    }
    String reason = condition("Failed").map(JobCondition::getReason).orElse("");
    if ("DeadlineExceeded".equals(reason)) {
      return killed(deadlineReason());
    }
    return pod().map(this::failed).orElseGet(() -> killed("The pod of the job was deleted."));
  }

  private Ended ended(Pod pod, ContainerStateTerminated state) {
    int code = state.getExitCode();
    String message = Objects.requireNonNullElse(state.getMessage(), "").strip();
    if (NEVER_RAN.contains(Objects.requireNonNullElse(state.getReason(), ""))) {
      return new Ended(
          Kind.NEVER_STARTED, OptionalInt.of(code), sentence(state.getReason() + ": " + message));
    }
    if (OUT_OF_MEMORY.equals(state.getReason())) {
      return new Ended(Kind.KILLED, OptionalInt.of(code), memoryReason(pod));
    }
    Ended byCode = Ended.withCode(code);
    if (code == 0) {
      return byCode;
    }
    Optional<String> outside = disruption(pod).or(() -> deadline(state));
    if (outside.isPresent()) {
      return new Ended(Kind.KILLED, OptionalInt.of(code), outside.get());
    }
    // a busy node doesn't always see that the memory was too little
    return code == SIGKILLED
        ? memoryLimit(pod)
            .map(
                limit ->
                    new Ended(
                        Kind.KILLED,
                        OptionalInt.of(code),
                        byCode.reason() + " It had a memory limit of " + limit + "."))
            .orElse(byCode)
        : byCode;
  }

  /** A container that ended after the deadline did so because of it, whatever its code. */
  private Optional<String> deadline(ContainerStateTerminated state) {
    Long seconds = job.getSpec().getActiveDeadlineSeconds();
    String start = job.getStatus() == null ? null : job.getStatus().getStartTime();
    return seconds == null
            || start == null
            || state.getFinishedAt() == null
            || Instant.parse(state.getFinishedAt())
                .isBefore(Instant.parse(start).plusSeconds(seconds))
        ? Optional.empty()
        : Optional.of(deadlineReason());
  }

  private String deadlineReason() {
    return "The job was active longer than its deadline of "
        + job.getSpec().getActiveDeadlineSeconds()
        + " seconds allows (DeadlineExceeded).";
  }

  private String memoryReason(Pod pod) {
    return "The container was killed because it needed more memory than "
        + memoryLimit(pod).map(limit -> "its limit of " + limit).orElse("its node has")
        + " (OOMKilled).";
  }

  private Optional<String> memoryLimit(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .filter(each -> containerOf(job).equals(each.getName()))
        .map(each -> each.getResources())
        .filter(Objects::nonNull)
        .map(ResourceRequirements::getLimits)
        .filter(Objects::nonNull)
        .map(limits -> limits.get("memory"))
        .filter(Objects::nonNull)
        .map(Quantity::toString)
        .findFirst();
  }

  /** Why the cluster ended a pod; empty if it didn't. */
  private Optional<String> disruption(Pod pod) {
    List<PodCondition> conditions =
        pod.getStatus() == null || pod.getStatus().getConditions() == null
            ? List.of()
            : pod.getStatus().getConditions();
    Optional<String> condition =
        conditions.stream()
            .filter(
                each ->
                    "DisruptionTarget".equals(each.getType()) && "True".equals(each.getStatus()))
            .findFirst()
            .map(
                each ->
                    sentence(
                        "The pod was disrupted ("
                            + each.getReason()
                            + "): "
                            + Objects.requireNonNullElse(each.getMessage(), "")));
    return condition.isPresent()
        ? condition
        : Optional.ofNullable(pod.getStatus())
            .filter(each -> each.getReason() != null)
            .map(
                each ->
                    sentence(
                        "The pod was ended by the cluster ("
                            + each.getReason()
                            + "): "
                            + Objects.requireNonNullElse(each.getMessage(), "")));
  }

  /** How a pod ended of whose container it isn't known. */
  private Ended failed(Pod pod) {
    Optional<String> outside = disruption(pod);
    Optional<ContainerStatus> init = outside.isPresent() ? Optional.empty() : failedInit(pod);
    return init.isPresent()
        ? new Ended(Kind.NEVER_STARTED, OptionalInt.empty(), initReason(init.get()))
        : killed(
            outside.orElse(
                "The pod '" + pod.getMetadata().getName() + "' was deleted, or has failed."));
  }

  private static String initReason(ContainerStatus init) {
    ContainerStateTerminated state = init.getState().getTerminated();
    String message = Objects.requireNonNullElse(state.getMessage(), "");
    return sentence(
        "The init container '"
            + init.getName()
            + "' exited with status "
            + state.getExitCode()
            + (message.isBlank() ? "" : ": " + message));
  }

  /** The init container that kept a pod from starting, unless the pod was deleted. */
  static Optional<ContainerStatus> failedInit(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null || pod.getStatus() == null
        ? Optional.empty()
        : Stream.ofNullable(pod.getStatus().getInitContainerStatuses())
            .flatMap(List::stream)
            .filter(
                each ->
                    each.getState() != null
                        && each.getState().getTerminated() != null
                        && !Objects.equals(each.getState().getTerminated().getExitCode(), 0))
            .findFirst();
  }

  /** Why a pod doesn't start, in the cluster's words; empty if nothing is said. */
  Optional<String> pendingReason() {
    Optional<Pod> pod = pod().filter(each -> !isGone(each));
    if (pod.isEmpty() && isSuspended(job)) {
      return Optional.of("The job is suspended, so the cluster makes no pod.");
    }
    if (pod.isEmpty() || pod.get().getStatus() == null) {
      return Optional.empty();
    }
    Stream<ContainerStatus> containers =
        Stream.of(
                pod.get().getStatus().getInitContainerStatuses(),
                pod.get().getStatus().getContainerStatuses())
            .filter(Objects::nonNull)
            .flatMap(List::stream);
    Optional<String> waiting =
        containers
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull)
            .map(ContainerState::getWaiting)
            .filter(Objects::nonNull)
            .filter(each -> each.getReason() != null && !USUAL_WAITS.contains(each.getReason()))
            .map(JobState::describe)
            .findFirst();
    return waiting.isPresent()
        ? waiting
        : Stream.ofNullable(pod.get().getStatus().getConditions())
            .flatMap(List::stream)
            .filter(
                each ->
                    "PodScheduled".equals(each.getType())
                        && "False".equals(each.getStatus())
                        && each.getMessage() != null)
            .map(each -> sentence(each.getReason() + ": " + each.getMessage()))
            .findFirst();
  }

  private static String describe(ContainerStateWaiting state) {
    return sentence(
        state.getReason()
            + (state.getMessage() == null || state.getMessage().isBlank()
                ? ""
                : ": " + state.getMessage()));
  }

  static String sentence(String text) {
    return ClusterErrors.line(text).replaceAll("[:\\s]+$", "") + ".";
  }

  // --- the annotation ---------------------------------------------------------------------------

  static String write(Ended end) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("kind", end.kind().name());
    if (end.exitCode().isPresent()) {
      json.put("exit_code", end.exitCode().getAsInt());
    }
    if (end.reason() != null) {
      json.put("reason", end.reason());
    }
    return JsonText.write(json);
  }

  private static Optional<Ended> read(String text) {
    try {
      Map<String, @Nullable Object> json = JsonText.parseObject(text, "the end of a job");
      return Optional.of(
          new Ended(
              Kind.valueOf(String.valueOf(json.get("kind"))),
              json.get("exit_code") instanceof Number code
                  ? OptionalInt.of(code.intValue())
                  : OptionalInt.empty(),
              json.get("reason") instanceof String reason ? reason : null));
    } catch (SheaveException | IllegalArgumentException e) {
      return Optional.empty(); // somebody else's
    }
  }
}

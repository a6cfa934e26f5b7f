package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.GrowingPause;
import dev.sheave.infrastructure.RunningInfrastructure;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's job, created by this program or another. What becomes of it is told by the watch of its
 * namespace; its output comes by itself. It holds no thread.
 */
final class FollowedJob implements RunningInfrastructure, NamespaceWatch.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJob.class);

  /** How long the output may go on after the end, before it is asked for anew. */
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(10);

  /** How long the end may be on its way when what was asked for should have happened. */
  private static final Duration LATENESS = Duration.ofSeconds(15);

  /** How long after force was used the end may be on its way. */
  private static final Duration KILL_TIME = Duration.ofMinutes(2);

  /** When it is looked why a pod doesn't start, if the pod itself doesn't say it. */
  private static final Duration LOOK_AT_EVENTS = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final KubernetesJob block;
  private final JobManifest manifest;
  private final JobResources resources;
  private final PodLog log;
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();

  private Job job;
  private boolean isJobGone;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Set<String> gonePods = new HashSet<>();

  /** How it ended, from when that is known; the output may still be on its way. */
  private @Nullable Ended outcome;

  /** Whether its end waits until nothing of it can start any more. */
  private boolean isDeleting;

  /** The pod whose output is read. */
  private @Nullable String shownPod;

  private CompletableFuture<?> shown = CompletableFuture.completedFuture(null);
  private final GrowingPause pause = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
  private String toldReason = "";

  /** Of which pod, or job, it is seen to that it doesn't wait for ever. */
  private final Set<String> awaited = new HashSet<>();

  private volatile boolean isUnreadable;
  private volatile boolean isClosed;

  FollowedJob(Cluster cluster, JobManifest manifest, Job job) {
    this.cluster = cluster;
    this.block = manifest.block();
    this.manifest = manifest;
    this.job = job;
    this.resources =
        new JobResources(cluster, job.getMetadata().getNamespace(), job.getMetadata().getName());
    this.log =
        new PodLog(
            cluster,
            resources.namespace(),
            manifest.request().output(),
            manifest.request().positions());
  }

  /**
   * Starts to follow it. Returns when the end is known, if it has ended already.
   *
   * @param position where the output goes on; null for all of it
   */
  void follow(@Nullable String position) {
    if (position != null) {
      log.continueAt(position);
    }
    cluster.watch(resources.namespace()).add(resources.name(), this);
    try {
      resources.job().ifPresentOrElse(this::see, this::seeJobGone);
      resources.pods().forEach(this::see);
    } catch (SheaveException e) {
      LOG.debug("The state of job '{}' isn't known: {}", resources.name(), e.getMessage());
    }
    boolean hasEnded;
    synchronized (this) {
      hasEnded = outcome != null;
    }
    if (hasEnded) {
      ended.join(); // it takes no longer than what is left of the output
    }
    Integer timeout = block.jobWatchTimeoutSeconds();
    if (timeout != null && !hasEnded) {
      Instant deadline = created(job.getMetadata().getCreationTimestamp()).plusSeconds(timeout);
      cluster.later(() -> endLate(timeout), Duration.between(cluster.now(), deadline));
    }
  }

  private Instant created(@Nullable String timestamp) {
    return timestamp == null ? cluster.now() : Instant.parse(timestamp);
  }

  // --- what the watch tells ---------------------------------------------------------------------

  @Override
  public synchronized void see(Job seen) {
    if (!isJobGone
        && Cluster.isNewer(
            seen.getMetadata().getResourceVersion(), job.getMetadata().getResourceVersion())) {
      job = seen;
      check();
    }
  }

  @Override
  public synchronized void seeJobGone() {
    isJobGone = true;
    check();
  }

  @Override
  public synchronized void see(Pod pod) {
    Pod before = pods.get(pod.getMetadata().getName());
    if (before == null
        || Cluster.isNewer(
            pod.getMetadata().getResourceVersion(), before.getMetadata().getResourceVersion())) {
      pods.put(pod.getMetadata().getName(), pod);
      gonePods.remove(pod.getMetadata().getName()); // a list may be older than the pod
      check();
    }
  }

  @Override
  public synchronized void seeGone(Pod pod) {
    gonePods.add(pod.getMetadata().getName());
    pods.put(pod.getMetadata().getName(), pod);
    check();
  }

  @Override
  public synchronized void seeOnly(Set<String> names) {
    for (String each : pods.keySet()) {
      if (!names.contains(each)) {
        gonePods.add(each);
      }
    }
    check();
  }

  private JobState state() {
    return new JobState(job, isJobGone, List.copyOf(pods.values()), Set.copyOf(gonePods));
  }

  private synchronized void check() {
    if (isClosed || outcome != null || isDeleting) {
      return;
    }
    JobState state = state();
    Optional<Ended> end = state.end(cluster.now());
    if (end.isPresent()) {
      end(end.get());
    } else if (state.hasStarted()) {
      show(state, false);
    } else {
      await(state);
    }
    if (end.isEmpty() && state.isFinished()) { // the container's state is on its way
      cluster.later(this::check, LATENESS);
    }
  }

  // --- the output -------------------------------------------------------------------------------

  private synchronized void show(JobState state, boolean isAgain) {
    Pod pod = state.pod().orElseThrow();
    String name = pod.getMetadata().getName();
    if (block.streamOutput()
        && !isUnreadable
        && shown.isDone()
        && (isAgain || !name.equals(shownPod))) {
      shownPod = name;
      CompletableFuture<Boolean> reading = log.read(name, JobState.containerOf(job), true);
      shown = reading.whenComplete((isWhole, failure) -> cluster.execute(() -> hasShown(failure)));
    }
  }

  private synchronized void hasShown(@Nullable Throwable failure) {
    if (isClosed || outcome != null) {
      return;
    }
    if (failure != null) {
      SheaveException e = ClusterErrors.of(cluster.address(), "show the output", failure);
      if (e.code() != Code.UNAVAILABLE && e.code() != Code.NOT_FOUND && e.code() != Code.INVALID) {
        LOG.warn("The output of job '{}' can't be shown: {}", resources.name(), e.getMessage());
        isUnreadable = true;
        return;
      }
      LOG.debug("The output of job '{}' broke off: {}", resources.name(), e.getMessage());
    }
    cluster.later(this::showAgain, pause.next());
  }

  private synchronized void showAgain() {
    JobState state = state();
    if (!isClosed && outcome == null && state.hasStarted()) {
      show(state, true);
    }
  }

  private synchronized void end(Ended end) {
    outcome = end;
    cluster.watch(resources.namespace()).remove(resources.name(), this);
    Optional<Pod> pod = state().pod();
    Optional<String> container = pod.flatMap(this::lastContainer);
    if (!block.streamOutput() || isUnreadable || container.isEmpty()) {
      cluster.execute(() -> ended.complete(end));
      return;
    }
    if (!shown.isDone()) {
      cluster.later(log::breakOff, LAST_OUTPUT);
    }
    boolean isGone = state().isGone(pod.get());
    var unused =
        shown.whenComplete(
            (nothing, failure) ->
                cluster.execute(() -> readRest(pod.get(), container.get(), isGone, end)));
  }

  /** The container whose output tells of the end; empty if none has started. */
  private Optional<String> lastContainer(Pod pod) {
    return state().hasStarted()
        ? Optional.of(JobState.containerOf(job))
        : JobState.failedInit(pod).map(ContainerStatus::getName);
  }

  /** Nodes end what they send at times before the last lines. */
  private void readRest(Pod pod, String container, boolean isGone, Ended end) {
    if (isGone || isClosed) {
      ended.complete(end);
      return;
    }
    var unused =
        log.read(pod.getMetadata().getName(), container, false)
            .whenComplete(
                (isWhole, failure) -> {
                  if (failure != null) {
                    LOG.warn(
                        "The output of job '{}' isn't complete: {}",
                        resources.name(),
                        ClusterErrors.of(cluster.address(), "show it", failure).getMessage());
                  }
                  ended.complete(end);
                });
  }

  // --- what doesn't start, or takes too long ----------------------------------------------------

  private void await(JobState state) {
    state.pendingReason().ifPresent(this::tell);
    Optional<Pod> pod = state.pod().filter(each -> !state.isGone(each));
    String waiting = pod.map(each -> each.getMetadata().getName()).orElse("");
    if (awaited.add(waiting)) {
      Instant since =
          created(
              pod.map(each -> each.getMetadata()).orElse(job.getMetadata()).getCreationTimestamp());
      Duration timeout = Duration.ofSeconds(block.podWatchTimeoutSeconds());
      cluster.later(() -> lookAtEvents(waiting), LOOK_AT_EVENTS);
      cluster.later(() -> giveUp(waiting), Duration.between(cluster.now(), since.plus(timeout)));
    }
  }

  private void tell(String reason) {
    if (!reason.equals(toldReason)) {
      toldReason = reason;
      cluster.execute(
          () -> manifest.request().progress().accept("The pod isn't started. " + reason));
    }
  }

  /** Whether it is still that pod, or none, that hasn't started. */
  private synchronized boolean isWaiting(String pod) {
    JobState state = state();
    return !isClosed
        && outcome == null
        && !state.hasStarted()
        && state
            .pod()
            .filter(each -> !state.isGone(each))
            .map(each -> each.getMetadata().getName())
            .orElse("")
            .equals(pod);
  }

  private Optional<String> warning(String pod) {
    return pod.isEmpty()
        ? resources.lastWarning("Job", resources.name())
        : resources.lastWarning("Pod", pod);
  }

  private void lookAtEvents(String pod) {
    if (isWaiting(pod)) {
      Optional<String> found = warning(pod);
      synchronized (this) {
        if (state().pendingReason().isEmpty()) {
          found.ifPresent(this::tell);
        }
      }
    }
  }

  private void giveUp(String pod) {
    if (!isWaiting(pod)) {
      return;
    }
    Optional<String> reason;
    synchronized (this) {
      reason = state().pendingReason();
    }
    String sentence =
        "The pod did not start within "
            + block.podWatchTimeoutSeconds()
            + " seconds, so its job was deleted."
            + reason.or(() -> warning(pod)).map(each -> " " + each).orElse("");
    delete(new Ended(Kind.NEVER_STARTED, OptionalInt.empty(), sentence));
  }

  private void endLate(int timeout) {
    delete(
        new Ended(
            Kind.KILLED,
            OptionalInt.empty(),
            "The run took longer than the "
                + timeout
                + " seconds of 'job_watch_timeout_seconds', so its job was deleted."));
  }

  /** Ends it for good: what the cluster has of it can't start any more when the end is told. */
  private void delete(Ended end) {
    synchronized (this) {
      if (isClosed || outcome != null) {
        return;
      }
      isDeleting = true;
    }
    try {
      stopPods(end);
      resources.delete();
    } catch (SheaveException e) {
      LOG.warn("The job '{}' can't be deleted so far: {}", resources.name(), e.getMessage());
      cluster.later(() -> delete(end), LONGEST_PAUSE);
      return;
    }
    synchronized (this) {
      end(end);
    }
  }

  /** Notes the end, lets the job make no more pods, and deletes those there are. */
  private void stopPods(Ended end) {
    resources.annotate(JobState.ENDED_ANNOTATION, JobState.write(end));
    resources.stopPods();
  }

  // --- for whoever follows it ---------------------------------------------------------------

  @Override
  public String pid() {
    return resources.pid();
  }

  @Override
  public CompletionStage<Ended> ended() {
    return ended;
  }

  @Override
  public String position() {
    return log.position();
  }

  @Override
  public void kill(Duration grace) {
    boolean hasStarted;
    synchronized (this) {
      if (outcome != null) {
        return; // it has ended
      }
      hasStarted = state().hasStarted();
    }
    if (hasStarted) {
      stopPod(Math.max(1, (grace.toMillis() + 999) / 1000));
    } else {
      stopPods(
          new Ended(
              Kind.KILLED, OptionalInt.empty(), "The job was stopped before it had started."));
    }
    if (!awaitEnd(grace.plus(LATENESS))) {
      stopPod(0);
      if (!awaitEnd(KILL_TIME)) {
        throw new SheaveException(
            Code.CONFLICT,
            "The job '"
                + resources.name()
                + "' has not ended, though its pods were deleted; look at it with 'kubectl describe job "
                + resources.name()
                + " -n "
                + resources.namespace()
                + "'.");
      }
    }
    if (hasStarted) { // the pod, which has shown it, is gone
      resources.annotate(JobState.ENDED_ANNOTATION, JobState.write(ended.join()));
    }
  }

  @Override
  public Duration stopGrace() {
    Long ofPod = job.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds();
    return ofPod == null ? DEFAULT_STOP_GRACE : Duration.ofSeconds(ofPod);
  }

  private void stopPod(long graceSeconds) {
    Integer more = job.getSpec().getBackoffLimit();
    if (more == null || more > 0) {
      resources.patch(Map.of("spec", Map.of("backoffLimit", 0)));
    }
    resources
        .pods()
        .forEach(each -> resources.deletePod(each.getMetadata().getName(), graceSeconds));
  }

  @Override
  public void remove() {
    close();
    Integer ttl = block.finishedJobTtl();
    // the time of a job that is suspended would never be over
    if (ttl == null || ttl == 0 || resources.job().map(JobState::isSuspended).orElse(true)) {
      resources.delete();
      return;
    }
    if (resources.pods().stream().anyMatch(JobState::isRunning)) { // a container beside the run's
      stopPod(1);
    }
    resources.patch(
        Map.of(
            "metadata",
            Map.of("annotations", Map.of(JobState.RECORDED_ANNOTATION, "true")),
            "spec",
            Map.of("ttlSecondsAfterFinished", ttl)));
    resources.deleteSecret();
  }

  @Override
  public void close() {
    isClosed = true;
    cluster.watch(resources.namespace()).remove(resources.name(), this);
    log.close();
  }
}

package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.GrowingPause;
import dev.sheave.infrastructure.LineSplitter;
import dev.sheave.infrastructure.LineSplitter.Line;
import dev.sheave.infrastructure.RunRequest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the jobs and pods of Sheave's runs in a namespace, by one list and one watch of each. A
 * watch is ended by the server each minute, and then they are listed again: that makes up for
 * events that were lost, and a connection that is dead is noticed by then. Nothing is kept of what
 * nobody listens to. Safe for use by several threads.
 */
final class NamespaceWatch {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesJob.class);

  private static final int WATCH_SECONDS = 60;
  private static final Duration WATCH_TIMEOUT = Duration.ofSeconds(75);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Between lists, for those who may not watch. */
  private static final Duration LIST_INTERVAL = Duration.ofSeconds(5);

  private static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;
  private static final String JOB_NAME_LABEL = "job-name";

  private final Cluster cluster;
  private final String namespace;
  private final Map<String, Set<Listener>> listeners = new HashMap<>();
  private boolean isRunning;

  /** How often it was started: the threads of earlier times end. */
  private int generation;

  NamespaceWatch(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Told of one job and its pods, on threads that it must not hold up; old news may come too. */
  interface Listener {
    void see(Job job);

    void seeJobGone();

    void see(Pod pod);

    /** As it was seen last. */
    void seeGone(Pod pod);

    /** There are no other pods than these, by name. */
    void seeOnly(Set<String> pods);
  }

  /** A kind of object. */
  private record Kind<T extends HasMetadata>(
      String path, Class<T> type, Function<KubernetesClient, KubernetesResourceList<T>> list) {}

  synchronized void add(String job, Listener listener) {
    listeners.computeIfAbsent(job, missing -> new HashSet<>()).add(listener);
    if (!isRunning) {
      isRunning = true;
      start(
          new Kind<>(
              "/apis/batch/v1/namespaces/" + namespace + "/jobs",
              Job.class,
              api ->
                  api.batch()
                      .v1()
                      .jobs()
                      .inNamespace(namespace)
                      .withLabel(RunRequest.FLOW_RUN_ID_LABEL)
                      .list()));
      start(
          new Kind<>(
              "/api/v1/namespaces/" + namespace + "/pods",
              Pod.class,
              api ->
                  api.pods()
                      .inNamespace(namespace)
                      .withLabel(RunRequest.FLOW_RUN_ID_LABEL)
                      .list()));
    }
  }

  private void start(Kind<?> kind) {
    int own = generation;
    Thread thread = new Thread(() -> follow(kind, own), "sheave-kubernetes-watch");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void remove(String job, Listener listener) {
    Set<Listener> all = listeners.get(job);
    if (all != null && all.remove(listener) && all.isEmpty()) {
      listeners.remove(job);
    }
  }

  private synchronized List<Listener> listenersOf(@Nullable String job) {
    return List.copyOf(listeners.getOrDefault(job, Set.of()));
  }

  /** Nothing runs while there is nobody to tell. */
  private synchronized boolean isOver(int own) {
    if (own == generation && listeners.isEmpty()) {
      isRunning = false;
      generation++;
    }
    return own != generation;
  }

  private void follow(Kind<?> kind, int own) {
    GrowingPause afterFailure = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
    GrowingPause betweenLists = new GrowingPause(LIST_INTERVAL, LIST_INTERVAL);
    while (!isOver(own)) {
      GrowingPause pause = afterFailure;
      try {
        watch(kind, list(kind));
        pause.reset();
      } catch (SheaveException e) {
        LOG.debug("The objects of runs in '{}' can't be watched: {}", namespace, e.getMessage());
        if (e.code() == Code.INTERRUPTED) {
          return;
        }
        if (e.code() == Code.PERMISSION_DENIED) {
          pause = betweenLists;
        }
      } catch (RuntimeException e) {
        LOG.warn("What the cluster says of runs in '{}' can't be read.", namespace, e);
      }
      if (!pause.sleep()) {
        return;
      }
    }
  }

  /** Tells of all there are; returns the version of that list. */
  private <T extends HasMetadata> String list(Kind<T> kind) {
    Set<String> jobs;
    synchronized (this) {
      jobs = new HashSet<>(listeners.keySet()); // those before the list was made
    }
    KubernetesResourceList<T> list =
        cluster.call("list " + kind.type().getSimpleName(), kind.list());
    Map<String, Set<String>> podsOf = new HashMap<>();
    Set<String> found = new HashSet<>();
    for (T each : list.getItems()) {
      found.add(each.getMetadata().getName());
      if (each instanceof Pod pod) {
        podsOf
            .computeIfAbsent(String.valueOf(jobOf(pod)), missing -> new HashSet<>())
            .add(pod.getMetadata().getName());
      }
      tell(each, false);
    }
    for (String job : jobs) {
      for (Listener listener : listenersOf(job)) {
        if (kind.type() == Pod.class) {
          listener.seeOnly(podsOf.getOrDefault(job, Set.of()));
        } else if (!found.contains(job)) {
          listener.seeJobGone();
        }
      }
    }
    return list.getMetadata().getResourceVersion();
  }

  private static @Nullable String jobOf(Pod pod) {
    Map<String, String> labels =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    return labels.get(JOB_NAME_LABEL);
  }

  private void tell(HasMetadata object, boolean isGone) {
    if (object instanceof Job job) {
      for (Listener each : listenersOf(job.getMetadata().getName())) {
        each.see(job);
        if (isGone) {
          each.seeJobGone();
        }
      }
    } else if (object instanceof Pod pod) {
      for (Listener each : listenersOf(jobOf(pod))) {
        if (isGone) {
          each.seeGone(pod);
        } else {
          each.see(pod);
        }
      }
    }
  }

  /** Returns when the server ends the watch, as it is asked to. */
  private void watch(Kind<?> kind, String version) {
    LineSplitter events = new LineSplitter(MAX_EVENT_BYTES, this::event);
    ByteStream stream =
        cluster.open(
            kind.path()
                + "?watch=1&allowWatchBookmarks=false&labelSelector="
                + RunRequest.FLOW_RUN_ID_LABEL
                + "&resourceVersion="
                + version
                + "&timeoutSeconds="
                + WATCH_SECONDS,
            "tell of changes",
            events::add);
    try {
      stream.ended().get(WATCH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("The connection to the cluster at '{}' is dead.", cluster.address());
    } catch (ExecutionException e) {
      throw ClusterErrors.of(cluster.address(), "tell of changes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The watch was interrupted.", e);
    } finally {
      stream.close();
    }
  }

  private void event(Line line) {
    WatchEvent event = cluster.serialization().unmarshal(line.text(), WatchEvent.class);
    String type = event.getType();
    if (event.getObject() instanceof HasMetadata object
        && Set.of("ADDED", "MODIFIED", "DELETED").contains(type)) {
      tell(object, type.equals("DELETED"));
    } else { // such as 410: the list is made anew
      throw new SheaveException(
          Code.UNAVAILABLE, "The cluster ended its watch: " + ClusterErrors.line(line.text()));
    }
  }
}

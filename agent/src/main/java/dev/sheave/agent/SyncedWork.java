package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentApi;
import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AllPages;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work from a store that tells each agent in one call what is new, see {@link AgentApi#sync}. */
final class SyncedWork implements AgentWork.Source {
  /** How long runs are the agent's unless it calls again. */
  static final Duration LEASE = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentApi api;
  private final AgentProfile profile;
  private final AgentQueues queues;
  private final ActiveRuns active;
  private final Duration pause;
  private final ExecutorService calls = Executors.newCachedThreadPool(Workers::thread);
  private int round;
  private Set<UUID> seen = Set.of();
  private volatile @Nullable CompletableFuture<AgentNews> awaited;

  /**
   * Makes the source.
   *
   * @param pause how long to wait after a call that waited for nothing
   */
  SyncedWork(
      AgentApi api, AgentProfile profile, AgentQueues queues, ActiveRuns active, Duration pause) {
    this.api = api;
    this.profile = profile;
    this.queues = queues;
    this.active = active;
    this.pause = pause;
  }

  /**
   * Takes the name, so that the next one hears of it at once. What this call brings is told again,
   * and what else it is refused for may be over when the agent works. What is known to live will
   * keep the name; what another machine has may be gone.
   */
  @Override
  public void begin() {
    try {
      call(sync(0, Duration.ZERO, Duration.ZERO));
    } catch (SheaveException e) {
      if (e.code() == Code.CONFLICT && !namesakes(Fate.RUNNING).isEmpty()) {
        throw new SheaveException(
            Code.CONFLICT,
            "An agent named '"
                + profile.name()
                + "' works on this machine already; give this one another name.",
            e);
      }
      LOG.debug("The first call of the agent failed", e);
    }
  }

  @Override
  public AgentWork next(int room, Duration prefetch) {
    return work(call(sync(room, prefetch, Duration.ZERO)));
  }

  /**
   * The call waits in a thread of its own: when there is news of this agent meanwhile, the next
   * call says it, and the store ends this one. What it has given to this agent is in the next
   * answer.
   */
  @Override
  public Optional<AgentWork> await(
      int room, Duration prefetch, Duration atMost, BooleanSupplier isNews) {
    Duration wait = atMost.compareTo(AgentSync.MAX_WAIT) < 0 ? atMost : AgentSync.MAX_WAIT;
    AgentSync sync = sync(room, prefetch, wait);
    long began = System.nanoTime();
    CompletableFuture<AgentNews> answer = new CompletableFuture<>();
    awaited = answer;
    var unused =
        answer.whenComplete(
            (news, error) -> {
              if (awaited == answer) { // and not one that this call has ended
                active.wakeUp();
              }
            });
    calls.execute(() -> call(sync, answer));
    do {
      active.awaitChange(LEASE);
      if (!answer.isDone()
          && (isNews.getAsBoolean() || System.nanoTime() - began > LEASE.toNanos())) {
        return Optional.empty();
      }
    } while (!answer.isDone());
    AgentWork work;
    try {
      work = work(answer.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof SheaveException failure) {
        throw failure;
      }
      throw e;
    }
    boolean isEarly = System.nanoTime() - began < wait.toNanos() / 2;
    if (isEarly && work.isNothing()) {
      active.awaitChange(pause); // as a server with many agents answers
    }
    return Optional.of(work);
  }

  private void call(AgentSync sync, CompletableFuture<AgentNews> answer) {
    try {
      answer.complete(call(sync));
    } catch (RuntimeException | Error e) { // it is the caller's
      answer.completeExceptionally(e);
    }
  }

  private AgentNews call(AgentSync sync) {
    try {
      return api.sync(sync);
    } catch (SheaveException e) {
      if (e.code() == Code.CONFLICT && forgetDeadNamesakes()) {
        return api.sync(sync);
      }
      throw e;
    }
  }

  /** An agent that is restarted needn't wait until the store takes the killed one for lost. */
  private boolean forgetDeadNamesakes() {
    List<String> dead = namesakes(Fate.GONE);
    dead.forEach(api::leave);
    return !dead.isEmpty();
  }

  /** Returns the other agents of the name that the store takes for alive, by what is known here. */
  private List<String> namesakes(Fate fate) {
    return AllPages.read(api::listAgents).stream()
        .filter(other -> other.isAlive() && other.profile().name().equals(profile.name()))
        .map(other -> other.profile().id())
        .filter(id -> !id.equals(profile.id()) && AgentIdentity.fateOf(id) == fate)
        .toList();
  }

  private AgentSync sync(int room, Duration prefetch, Duration wait) {
    return new AgentSync(
        profile,
        ++round,
        Math.min(Math.max(room, 0), Page.MAX_LIMIT),
        prefetch,
        LEASE,
        active.leased(),
        seen,
        wait);
  }

  private AgentWork work(AgentNews news) {
    if (news.isPoolPaused()) {
      LOG.debug("Work pool '{}' is paused.", profile.pool());
    }
    queues.set(news.queues());
    Set<UUID> told = new HashSet<>();
    Stream.concat(news.cancelling().stream(), news.abandoned().stream())
        .map(FlowRunRecord::id)
        .forEach(told::add);
    seen = told;
    return new AgentWork(news.runs(), news.lost(), news.cancelling(), news.abandoned());
  }

  @Override
  public void leave() {
    calls.shutdown();
    try {
      api.leave(profile.id());
    } catch (SheaveException e) {
      LOG.debug("The store forgets this agent by itself: {}", e.getMessage());
    }
  }
}

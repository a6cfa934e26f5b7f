package dev.sheave.agent;

import dev.sheave.internal.Arguments;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of an agent in an application that measures with Micrometer, which has to be on its class
 * path: {@code sheave.agent.runs} and {@code sheave.agent.runs.starting}, as in {@link
 * AgentHealth}; {@code sheave.agent.runs.taken} since its start; and {@code
 * sheave.agent.responding}, 0 while its store doesn't respond, else 1.
 *
 * <pre>{@code
 * new AgentMeters(agent, Tags.of("agent", "embedded")).bindTo(registry);
 * }</pre>
 */
public final class AgentMeters implements MeterBinder {
  private final Agent agent;
  private final Tags tags;

  /**
   * Prepares them.
   *
   * @param tags tell the agent's meters from those of others
   */
  public AgentMeters(Agent agent, Tags tags) {
    this.agent = Arguments.notNull(agent, "agent");
    this.tags = Arguments.notNull(tags, "tags");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("sheave.agent.runs", agent, each -> each.health().runs())
        .description("Runs that the agent has taken and that haven't ended")
        .tags(tags)
        .register(registry);
    Gauge.builder("sheave.agent.runs.starting", agent, each -> each.health().starting())
        .description("Runs of these that have no infrastructure yet")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("sheave.agent.runs.taken", agent, Agent::taken)
        .description("Runs that the agent has taken since its start")
        .tags(tags)
        .register(registry);
    Gauge.builder("sheave.agent.responding", agent, each -> each.health().problem() == null ? 1 : 0)
        .description("Whether the agent's store responds")
        .tags(tags)
        .register(registry);
  }
}

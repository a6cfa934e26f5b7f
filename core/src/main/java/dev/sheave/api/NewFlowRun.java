package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A flow run to be created.
 *
 * @param state the state it starts in, usually scheduled
 * @param name its name; null to generate one
 * @param parameters its values; over a deployment's, one by one
 * @param context values of other programs, kept with it
 * @param tags tags in addition to the deployment's
 * @param idempotencyKey if not null, a second run of this flow with this key is the first one
 * @param infraOverrides overrides of the infrastructure block in addition to the deployment's, by
 *     dotted key
 * @param flowVersion the version of the code, if it is known already
 * @param infrastructureDocumentId the block that says where it executes; null for the deployment's
 * @param parentTaskRunId the task run that starts it, if any
 * @param retries how often a failed run is tried again, and how long it waits
 * @param autoScheduled whether a schedule creates it
 * @param createdBy who or what creates it, if that is known
 */
public record NewFlowRun(
    State state,
    @Nullable String name,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> context,
    List<String> tags,
    @Nullable String idempotencyKey,
    Map<String, @Nullable Object> infraOverrides,
    @Nullable String flowVersion,
    @Nullable UUID infrastructureDocumentId,
    @Nullable UUID parentTaskRunId,
    FlowRunRecord.RetryPolicy retries,
    boolean autoScheduled,
    FlowRunRecord.@Nullable CreatedBy createdBy) {

  /** A run due when it is recorded, with some values. */
  public static NewFlowRun now(Map<String, @Nullable Object> parameters) {
    return builder(State.of(StateType.SCHEDULED)).parameters(parameters).build();
  }

  /** A run due at a time. */
  public static NewFlowRun at(Instant due) {
    return builder(State.scheduledAt(due)).build();
  }

  /** Starts a builder. */
  public static Builder builder(State state) {
    return new Builder(state);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(state)
        .name(name)
        .parameters(parameters)
        .context(context)
        .tags(tags)
        .idempotencyKey(idempotencyKey)
        .infraOverrides(infraOverrides)
        .flowVersion(flowVersion)
        .infrastructureDocumentId(infrastructureDocumentId)
        .parentTaskRunId(parentTaskRunId)
        .retries(retries)
        .autoScheduled(autoScheduled)
        .createdBy(createdBy);
  }

  /** Builds a new flow run. Not safe for use by several threads. */
  public static final class Builder {
    private State state;
    private @Nullable String name;
    private Map<String, @Nullable Object> parameters = Map.of();
    private Map<String, @Nullable Object> context = Map.of();
    private List<String> tags = List.of();
    private @Nullable String idempotencyKey;
    private Map<String, @Nullable Object> infraOverrides = Map.of();
    private @Nullable String flowVersion;
    private @Nullable UUID infrastructureDocumentId;
    private @Nullable UUID parentTaskRunId;
    private FlowRunRecord.RetryPolicy retries = FlowRunRecord.RetryPolicy.NONE;
    private boolean autoScheduled;
    private FlowRunRecord.@Nullable CreatedBy createdBy;

    private Builder(State state) {
      this.state = state;
    }

    /** Sets the state it starts in, usually scheduled. */
    public Builder state(State value) {
      state = value;
      return this;
    }

    /** Sets its name. */
    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    /** Sets its values. */
    public Builder parameters(Map<String, @Nullable Object> value) {
      parameters = value;
      return this;
    }

    /** Sets values of other programs, kept with it. */
    public Builder context(Map<String, @Nullable Object> value) {
      context = value;
      return this;
    }

    /** Sets tags in addition to the deployment's. */
    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    /** Sets if not null, a second run of this flow with this key is the first one. */
    public Builder idempotencyKey(@Nullable String value) {
      idempotencyKey = value;
      return this;
    }

    /**
     * Sets overrides of the infrastructure block in addition to the deployment's, by dotted key.
     */
    public Builder infraOverrides(Map<String, @Nullable Object> value) {
      infraOverrides = value;
      return this;
    }

    /** Sets the version of the code, if it is known already. */
    public Builder flowVersion(@Nullable String value) {
      flowVersion = value;
      return this;
    }

    /** Sets the block that says where it executes. */
    public Builder infrastructureDocumentId(@Nullable UUID value) {
      infrastructureDocumentId = value;
      return this;
    }

    /** Sets the task run that starts it, if any. */
    public Builder parentTaskRunId(@Nullable UUID value) {
      parentTaskRunId = value;
      return this;
    }

    /** Sets how often a failed run is tried again, and how long it waits. */
    public Builder retries(FlowRunRecord.RetryPolicy value) {
      retries = value;
      return this;
    }

    /** Sets whether a schedule creates it. */
    public Builder autoScheduled(boolean value) {
      autoScheduled = value;
      return this;
    }

    /** Sets who or what creates it, if that is known. */
    public Builder createdBy(FlowRunRecord.@Nullable CreatedBy value) {
      createdBy = value;
      return this;
    }

    /** Builds it. */
    public NewFlowRun build() {
      return new NewFlowRun(
          state,
          name,
          parameters,
          context,
          tags,
          idempotencyKey,
          infraOverrides,
          flowVersion,
          infrastructureDocumentId,
          parentTaskRunId,
          retries,
          autoScheduled,
          createdBy);
    }
  }
}

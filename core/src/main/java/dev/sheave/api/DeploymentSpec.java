package dev.sheave.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values of a deployment, in the protocol's terms.
 *
 * @param name unique within its flow
 * @param flowId its flow
 * @param version the version of the code
 * @param description its description
 * @param tags its tags
 * @param parameters values that runs start with, by parameter name; JSON values
 * @param parameterSchema JSON schema of the flow's parameters
 * @param workQueueName the queue its runs wait in
 * @param workPoolName the pool of that queue; null for the default one
 * @param storageDocumentId the block its code is in; null for code that lies at {@code path} where
 *     the run executes
 * @param infrastructureDocumentId the block that says where runs execute
 * @param infraOverrides overrides of the infrastructure block, by dotted key
 * @param path where in the storage the code is
 * @param entrypoint which flow it is, relative to {@code path}
 * @param schedule when runs are made by themselves, as the protocol writes it; null for never
 * @param isScheduleActive whether the schedule is followed; null to leave it as it is (new: true)
 */
public record DeploymentSpec(
    String name,
    UUID flowId,
    @Nullable String version,
    @Nullable String description,
    List<String> tags,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> parameterSchema,
    @Nullable String workQueueName,
    @Nullable String workPoolName,
    @Nullable UUID storageDocumentId,
    @Nullable UUID infrastructureDocumentId,
    Map<String, @Nullable Object> infraOverrides,
    @Nullable String path,
    @Nullable String entrypoint,
    @Nullable Map<String, @Nullable Object> schedule,
    @Nullable Boolean isScheduleActive) {}

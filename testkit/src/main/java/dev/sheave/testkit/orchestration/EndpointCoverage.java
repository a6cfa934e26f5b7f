package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.OrchestrationApi;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Checks that the contract calls the method of each endpoint that clients of the protocol use. It
 * does so if all parts of the contract are run.
 */
final class EndpointCoverage implements BeforeAllCallback, AfterAllCallback {

  /** The endpoints, and the methods that they translate to. */
  private static final String ENDPOINTS =
      """
      POST   /api/artifacts/ ArtifactApi.createArtifact
      POST   /api/artifacts/latest/filter ArtifactApi.listArtifacts
      POST   /api/block_documents/ BlockApi.createBlockDocument
      POST   /api/block_documents/filter BlockApi.listBlockDocuments
      DELETE /api/block_documents/{id} BlockApi.deleteBlockDocument
      GET    /api/block_documents/{id} BlockApi.readBlockDocument
      PATCH  /api/block_documents/{id} BlockApi.updateBlockDocument
      POST   /api/block_schemas/ BlockApi.findOrCreateBlockSchema
      GET    /api/block_schemas/checksum/{checksum} BlockApi.findBlockSchema
      POST   /api/block_types/ BlockApi.createBlockType
      POST   /api/block_types/filter BlockApi.listBlockTypes
      GET    /api/block_types/slug/{slug} BlockApi.findBlockType
      GET    /api/block_types/slug/{slug}/block_documents/name/{name} BlockApi.findBlockDocument
      PATCH  /api/block_types/{id} BlockApi.updateBlockType
      POST   /api/deployments/ DeploymentApi.applyDeployment
      POST   /api/deployments/filter DeploymentApi.listDeployments
      GET    /api/deployments/name/{flow}/{deployment} DeploymentApi.findDeployment
      DELETE /api/deployments/{id} DeploymentApi.deleteDeployment
      GET    /api/deployments/{id} DeploymentApi.readDeployment
      PATCH  /api/deployments/{id} DeploymentApi.updateDeployment
      POST   /api/deployments/{id}/create_flow_run FlowRunApi.findOrCreateFlowRun
      POST   /api/flow_runs/filter FlowRunApi.listFlowRuns
      DELETE /api/flow_runs/{id} FlowRunApi.deleteFlowRun
      GET    /api/flow_runs/{id} FlowRunApi.readFlowRun
      PATCH  /api/flow_runs/{id} FlowRunApi.updateFlowRun
      POST   /api/flow_runs/{id}/set_state FlowRunApi.setFlowRunState
      POST   /api/flows/ DeploymentApi.findOrCreateFlow
      POST   /api/flows/filter DeploymentApi.listFlows
      GET    /api/flows/{id} DeploymentApi.readFlow
      GET    /api/health OrchestrationApi.checkHealth
      POST   /api/logs/ FlowRunApi.createLogs
      POST   /api/logs/filter FlowRunApi.listLogs
      POST   /api/task_runs/ TaskRunApi.findOrCreateTaskRun
      GET    /api/task_runs/{id} TaskRunApi.readTaskRun
      POST   /api/task_runs/{id}/set_state TaskRunApi.setTaskRunState
      POST   /api/variables/filter VariableApi.listVariables
      GET    /api/variables/name/{name} VariableApi.findVariable
      POST   /api/work_pools/ WorkPoolApi.createWorkPool
      POST   /api/work_pools/filter WorkPoolApi.listWorkPools
      DELETE /api/work_pools/{name} WorkPoolApi.deleteWorkPool
      GET    /api/work_pools/{name} WorkPoolApi.findWorkPool
      PATCH  /api/work_pools/{name} WorkPoolApi.updateWorkPool
      POST   /api/work_pools/{name}/get_scheduled_flow_runs WorkPoolApi.readRunsOfWorkPool
      POST   /api/work_queues/ WorkQueueApi.createWorkQueue
      POST   /api/work_queues/filter WorkQueueApi.listWorkQueues
      GET    /api/work_queues/name/{name} WorkQueueApi.findWorkQueue
      DELETE /api/work_queues/{id} WorkQueueApi.deleteWorkQueue
      GET    /api/work_queues/{id} WorkQueueApi.readWorkQueue
      PATCH  /api/work_queues/{id} WorkQueueApi.updateWorkQueue
      POST   /api/work_queues/{id}/get_runs WorkQueueApi.readRunsOfWorkQueue
      """;

  private static final Set<String> CALLED = ConcurrentHashMap.newKeySet();

  private final Set<Class<?>> parts = new HashSet<>();

  /** Returns a connection whose calls are recorded. */
  static OrchestrationApi recorded(OrchestrationApi connection) {
    return recorded(OrchestrationApi.class, connection);
  }

  private static <T> T recorded(Class<T> type, T real) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          CALLED.add(type.getSimpleName() + "." + method.getName());
          if (isInherited(method, real)) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          Object result = invoke(real, method, arguments);
          return result != null && isPart(method.getReturnType())
              ? recordedPart(method.getReturnType(), result)
              : result;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static boolean isPart(Class<?> type) {
    return type.isInterface() && type.getPackage() == OrchestrationApi.class.getPackage();
  }

  private static <T> T recordedPart(Class<T> type, Object real) {
    return recorded(type, type.cast(real));
  }

  /** Default methods are run on the proxy, so that the methods that they call are recorded. */
  private static boolean isInherited(Method method, Object real) throws NoSuchMethodException {
    return method.isDefault()
        && real.getClass().getMethod(method.getName(), method.getParameterTypes()).isDefault();
  }

  private static @Nullable Object invoke(
      Object real, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    parts.add(context.getRequiredTestClass());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!context.getRequiredTestClass().isAnnotationPresent(Nested.class) && allPartsWereRun()) {
      List<String> notCalled = new ArrayList<>();
      for (String endpoint : ENDPOINTS.lines().toList()) {
        String method = endpoint.substring(endpoint.lastIndexOf(' ') + 1);
        if (!CALLED.contains(method)) {
          notCalled.add(endpoint);
        }
      }
      assertThat(notCalled).as("endpoints whose methods the contract doesn't call").isEmpty();
    }
  }

  private boolean allPartsWereRun() {
    return Arrays.stream(OrchestrationApiContract.class.getDeclaredClasses())
        .filter(part -> !Modifier.isAbstract(part.getModifiers()))
        .filter(part -> part.isAnnotationPresent(Nested.class))
        .allMatch(parts::contains);
  }
}

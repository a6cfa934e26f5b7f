package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract of {@link OrchestrationApi}, for any kind of database. A test of an implementation
 * extends this class and opens a connection. It can also extend the contract of a single concern,
 * such as {@link BlockDocumentContract}.
 *
 * <pre>{@code
 * class MyOrchestrationTest extends OrchestrationApiContract {
 *   @TempDir Path home;
 *
 *   @Override
 *   protected OrchestrationApi connect() {
 *     return new MyProvider().open(new Options("jdbc:my:" + home.resolve("records"), home, null, null));
 *   }
 * }
 * }</pre>
 */
@ExtendWith(EndpointCoverage.class)
public abstract class OrchestrationApiContract {

  /** For the test of an implementation. */
  protected OrchestrationApiContract() {}

  /**
   * Connects to a store that is empty when a test starts. Later calls in the same test connect to
   * the same store, as another process would. The contract closes what it opened.
   */
  protected abstract OrchestrationApi connect() throws Exception;

  @Test
  void theStoreSaysThatItIsThere() throws Exception {
    OrchestrationApi api = EndpointCoverage.recorded(connect());
    api.checkHealth();
    api.close();
    assertThatThrownBy(api::checkHealth)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
  }

  @Nested
  class BlockTypes extends BlockTypeContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class BlockDocuments extends BlockDocumentContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class BlockSecrets extends BlockSecretContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class BlockReferences extends BlockReferenceContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class AnonymousBlocks extends AnonymousBlockContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Deployments extends DeploymentContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Schedules extends ScheduleContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class FlowRuns extends FlowRunContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class FlowRunStates extends FlowRunStateContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class FlowRunEnds extends FlowRunEndContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class WorkQueues extends WorkQueueContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Listings extends ListingContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class TaskRuns extends TaskRunContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class WorkPools extends WorkPoolContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Leases extends LeaseContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Agents extends AgentContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Variables extends VariableContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class Artifacts extends ArtifactContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }

  @Nested
  class NotificationPolicies extends NotificationPolicyContract {
    @Override
    protected OrchestrationApi connect() throws Exception {
      return OrchestrationApiContract.this.connect();
    }
  }
}

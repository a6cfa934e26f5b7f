package dev.sheave.testkit.orchestration;

import dev.sheave.api.OrchestrationApi;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link OrchestrationApi} does, wherever it keeps its records. A test of one extends
 * this class and says how to connect; or it extends one of the contracts of a concern, such as
 * {@link BlockDocumentContract}, alone.
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
public abstract class OrchestrationApiContract {

  /** For the test of an implementation. */
  protected OrchestrationApiContract() {}

  /**
   * Connects to a store that is empty when a test starts. Later calls in the same test connect to
   * the same store, as another process would. The contract closes what it opened.
   */
  protected abstract OrchestrationApi connect() throws Exception;

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
}

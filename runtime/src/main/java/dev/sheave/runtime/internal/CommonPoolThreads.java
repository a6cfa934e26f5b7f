package dev.sheave.runtime.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the common pool, which parallel streams and {@code CompletableFuture.supplyAsync}
 * use, in a flow-run process: their context class loader is that of the flow. By default it is the
 * system's, which knows nothing of the flow; and from Java 19 on these threads inherit nothing of
 * the thread that they work for.
 */
public final class CommonPoolThreads implements ForkJoinWorkerThreadFactory {
  private static final String PROPERTY = "java.util.concurrent.ForkJoinPool.common.threadFactory";

  private static volatile @Nullable ClassLoader flowClassLoader;

  /** For the JDK, which makes one by its name. */
  public CommonPoolThreads() {}

  /**
   * Makes it the factory of this process, unless the user named another one. To be called before
   * anything uses the common pool.
   */
  public static void install() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, CommonPoolThreads.class.getName());
    }
  }

  /** Sets the class loader of the flow; also of threads that are there already. */
  public static void use(@Nullable ClassLoader loader) {
    flowClassLoader = loader;
  }

  @Override
  public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
    return new Worker(pool);
  }

  private static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool) {
      super(pool);
    }

    @Override
    public @Nullable ClassLoader getContextClassLoader() {
      ClassLoader own = super.getContextClassLoader();
      ClassLoader ofFlow = flowClassLoader;
      return ofFlow != null && own == ClassLoader.getSystemClassLoader() ? ofFlow : own;
    }
  }
}

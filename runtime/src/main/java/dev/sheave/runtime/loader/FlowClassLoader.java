package dev.sheave.runtime.loader;

import dev.sheave.block.BlockRegistry;
import dev.sheave.runtime.internal.FlowCodeLoader;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of flow code. Classes that ship with Sheave come from the runtime, so that both
 * sides share them; everything else is the flow's own, so that it can use its own versions of any
 * library. What it doesn't bring is looked up in the modules of block types. Nothing else of the
 * runtime's class path is visible, neither classes nor resources.
 */
final class FlowClassLoader extends URLClassLoader implements FlowCodeLoader {
  static {
    registerAsParallelCapable();
  }

  private final ClassLoader runtime;
  private final BlockRegistry types;

  /**
   * @param places where the flow's classes and resources are, first match wins
   * @param runtime has what ships with Sheave
   * @param types block types whose classes the flow can use without having them
   */
  FlowClassLoader(URL[] places, ClassLoader runtime, BlockRegistry types) {
    super(places, ClassLoader.getPlatformClassLoader());
    this.runtime = runtime;
    this.types = types;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> found = findLoadedClass(name);
      if (found == null) {
        found = find(name);
      }
      if (resolve) {
        resolveClass(found);
      }
      return found;
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (SharedPackages.containsClass(name)) {
      try {
        return runtime.loadClass(name);
      } catch (ClassNotFoundException notOfTheRuntime) {
        return findOwnOrOfBlockTypes(name); // a flow's package may start like ours
      }
    }
    try {
      return getPlatformClassLoader().loadClass(name);
    } catch (ClassNotFoundException notOfTheJdk) {
      try {
        return findOwnOrOfBlockTypes(name);
      } catch (ClassNotFoundException notFound) {
        return findToolOfTheJdk(name, notFound);
      }
    }
  }

  /**
   * What the flow doesn't bring comes from the class loader that its blocks are made with, so that
   * what {@code Block.load} returns is of the flow's class.
   */
  private Class<?> findOwnOrOfBlockTypes(String name) throws ClassNotFoundException {
    try {
      return findClass(name);
    } catch (ClassNotFoundException notFound) {
      return types.findClass(name).orElseThrow(() -> notFound);
    }
  }

  /**
   * Parts of the JDK, such as its compiler, live in the system class loader and not in the
   * platform's.
   */
  private static Class<?> findToolOfTheJdk(String name, ClassNotFoundException notFound)
      throws ClassNotFoundException {
    if (ModuleLayer.boot().modules().stream()
        .anyMatch(
            module ->
                module.getName().startsWith("jdk.")
                    && module.getPackages().contains(packageOf(name)))) {
      return getSystemClassLoader().loadClass(name);
    }
    throw notFound;
  }

  private static String packageOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }

  @Override
  public @Nullable URL getResource(String name) {
    if (SharedPackages.containsResource(name)) {
      URL shared = runtime.getResource(name);
      if (shared != null) {
        return shared;
      }
    }
    URL own = findResource(name);
    return own != null ? own : getPlatformClassLoader().getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> found = new ArrayList<>();
    if (SharedPackages.containsResource(name)) {
      found.addAll(Collections.list(runtime.getResources(name)));
    }
    found.addAll(Collections.list(findResources(name)));
    found.addAll(Collections.list(getPlatformClassLoader().getResources(name)));
    return Collections.enumeration(found);
  }
}

package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * A method reference to a flow, such as {@code LogFlow::logFlow}: one of the nested interfaces, by
 * the number of the method's parameters. It is never called; it only names the method.
 */
public sealed interface FlowReference extends Serializable {

  /**
   * Returns the method that a reference names, in the class that stands in the reference where that
   * is known: for an object's method, and for one that an object is needed for.
   *
   * @throws SheaveException {@code INVALID} for a lambda, with an example of a valid reference
   */
  static FlowMethod resolve(FlowReference reference) {
    SerializedLambda lambda = serializedForm(reference);
    if (lambda == null
        || lambda.getImplMethodName().startsWith("lambda$")
        || lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial) {
      throw new SheaveException(
          Code.INVALID,
          "A flow must be a method reference such as LogFlow::logFlow, not a lambda or an object;"
              + " name an overloaded method by its class and name, such as"
              + " buildFromFlow(LogFlow.class, \"logFlow\", …).");
    }
    ClassLoader loader = reference.getClass().getClassLoader();
    try {
      Class<?> owner = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
      MethodType type =
          MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader);
      Method method = FlowMethods.exact(owner, lambda.getImplMethodName(), type.parameterArray());
      return new FlowMethod(named(lambda, method, owner, loader), method);
    } catch (ClassNotFoundException | NoSuchMethodException e) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The flow method "
              + lambda.getImplClass().replace('/', '.')
              + "."
              + lambda.getImplMethodName()
              + " can't be found.",
          e);
    }
  }

  /** Some compilers write the class that declares the method instead of the one in the source. */
  private static Class<?> named(
      SerializedLambda lambda, Method method, Class<?> owner, ClassLoader loader) {
    if (Modifier.isStatic(method.getModifiers())) {
      return owner;
    }
    Class<?> receiver =
        lambda.getCapturedArgCount() > 0
            ? lambda.getCapturedArg(0).getClass()
            : MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader)
                .parameterType(0);
    return owner.isAssignableFrom(receiver) ? receiver : owner;
  }

  private static @Nullable SerializedLambda serializedForm(FlowReference reference) {
    try {
      Method writeReplace = reference.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      return writeReplace.invoke(reference) instanceof SerializedLambda lambda ? lambda : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** A reference to a flow with no parameters. */
  @FunctionalInterface
  non-sealed interface Of0 extends FlowReference {
    /** Stands for the flow; never called. */
    void call() throws Exception;
  }

  /** A reference to a flow with one parameter. */
  @FunctionalInterface
  non-sealed interface Of1<A> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a) throws Exception;
  }

  /** A reference to a flow with two parameters. */
  @FunctionalInterface
  non-sealed interface Of2<A, B> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b) throws Exception;
  }

  /** A reference to a flow with three parameters. */
  @FunctionalInterface
  non-sealed interface Of3<A, B, C> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c) throws Exception;
  }

  /** A reference to a flow with four parameters. */
  @FunctionalInterface
  non-sealed interface Of4<A, B, C, D> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c, D d) throws Exception;
  }

  /** A reference to a flow with five parameters. */
  @FunctionalInterface
  non-sealed interface Of5<A, B, C, D, E> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c, D d, E e) throws Exception;
  }

  /** A reference to a flow with six parameters. */
  @FunctionalInterface
  non-sealed interface Of6<A, B, C, D, E, F> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c, D d, E e, F f) throws Exception;
  }

  /** A reference to a flow with seven parameters. */
  @FunctionalInterface
  non-sealed interface Of7<A, B, C, D, E, F, G> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c, D d, E e, F f, G g) throws Exception;
  }

  /** A reference to a flow with eight parameters. */
  @FunctionalInterface
  non-sealed interface Of8<A, B, C, D, E, F, G, H> extends FlowReference {
    /** Stands for the flow; never called. */
    void call(A a, B b, C c, D d, E e, F f, G g, H h) throws Exception;
  }
}

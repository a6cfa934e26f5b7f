package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.Capability;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the {@link ValueType} of a Java type. */
public final class ValueTypes {

  private ValueTypes() {}

  /**
   * Returns the {@link ValueType} of a type.
   *
   * @param where the field or parameter of the type, for messages
   * @throws SheaveException {@code UNSUPPORTED} for types that can't be in a document
   */
  public static ValueType of(AnnotatedType annotated, String where) {
    Class<?> type = rawClass(annotated.getType(), where);
    ScalarType scalar = Scalars.of(type);
    if (scalar != null) {
      return scalar;
    }
    if (type == Secret.class) {
      return SecretType.INSTANCE;
    }
    if (type == SecretMap.class) {
      return SecretMapType.INSTANCE;
    }
    if (type == Object.class) {
      return AnyType.INSTANCE;
    }
    if (type.isEnum()) {
      return new EnumType(type);
    }
    if (type == List.class || type == Collection.class || type == Set.class) {
      return new CollectionType(element(annotated, 0, where), type == Set.class);
    }
    if (type == Map.class) {
      if (annotated instanceof AnnotatedParameterizedType
          && rawClass(argument(annotated, 0).getType(), where) != String.class) {
        throw unsupported(type, where, "the keys of a map must be strings");
      }
      return new MapType(element(annotated, 1, where));
    }
    if (type.isRecord()) {
      return new RecordType(type);
    }
    if (type.isInterface() && type.isSealed()) {
      return union(type, where);
    }
    if (Block.class.isAssignableFrom(type) || type.isAnnotationPresent(Capability.class)) {
      return new NestedBlockType(type);
    }
    throw unsupported(
        type,
        where,
        "use strings, numbers, booleans, enums, java.time types, URIs, lists, sets, maps, records,"
            + " blocks, or sealed interfaces of records or blocks");
  }

  /**
   * Returns the type of a parameter or a field, or of its content if it is optional.
   *
   * @throws SheaveException {@code UNSUPPORTED} also for a raw type, such as {@code List} alone
   */
  public static ValueType ofDeclared(AnnotatedType annotated, boolean optional, String where) {
    checkNotRaw(annotated, where);
    if (!optional) {
      return of(annotated, where);
    }
    AnnotatedType content = argument(annotated, 0);
    checkNotRaw(content, where);
    return of(content, where);
  }

  private static void checkNotRaw(AnnotatedType annotated, String where) {
    if (annotated.getType() instanceof Class<?> type && type.getTypeParameters().length > 0) {
      throw unsupported(
          type,
          where,
          "it doesn't say what is in it; write "
              + type.getSimpleName()
              + (type == Map.class ? "<String, String>" : "<String>")
              + ", for example");
    }
  }

  private static ValueType union(Class<?> type, String where) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (Arrays.stream(permitted).allMatch(Block.class::isAssignableFrom)) {
      List<NestedBlockType> variants = new ArrayList<>();
      Arrays.stream(permitted).forEach(variant -> variants.add(new NestedBlockType(variant)));
      return new BlockUnionType(type, variants);
    }
    Map<String, RecordType> variants = new LinkedHashMap<>();
    for (Class<?> variant : permitted) {
      if (!variant.isRecord()) {
        throw unsupported(type, where, "it must permit records only, or blocks only");
      }
      if (Arrays.stream(variant.getRecordComponents())
          .anyMatch(component -> component.getName().equals(SealedType.DISCRIMINATOR))) {
        throw unsupported(type, where, variant.getSimpleName() + " must not have a field 'type'");
      }
      variants.put(SealedType.nameOf(variant), new RecordType(variant));
    }
    return new SealedType(variants);
  }

  private static ElementType element(AnnotatedType container, int index, String where) {
    AnnotatedType argument = argument(container, index);
    checkNotRaw(argument, where);
    return new ElementType(of(argument, where), isNullable(argument));
  }

  /** Returns a type argument; {@link Object} for a raw type. */
  private static AnnotatedType argument(AnnotatedType type, int index) {
    if (type instanceof AnnotatedParameterizedType parameterized) {
      return parameterized.getAnnotatedActualTypeArguments()[index];
    }
    return OBJECT;
  }

  private static final AnnotatedType OBJECT = plain(Object.class);

  /** Returns a class as a type without annotations. */
  static AnnotatedType plain(Class<?> type) {
    return new AnnotatedType() {
      @Override
      public Type getType() {
        return type;
      }

      @Override
      public <T extends Annotation> @Nullable T getAnnotation(Class<T> annotation) {
        return null;
      }

      @Override
      public Annotation[] getAnnotations() {
        return new Annotation[0];
      }

      @Override
      public Annotation[] getDeclaredAnnotations() {
        return new Annotation[0];
      }
    };
  }

  /** Returns whether an element has any annotation named {@code @Nullable}. */
  public static boolean isNullable(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType().getSimpleName().equals("Nullable"));
  }

  private static Class<?> rawClass(Type type, String where) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType parameterized) {
      return (Class<?>) parameterized.getRawType();
    }
    if (type instanceof WildcardType wildcard) {
      return rawClass(wildcard.getUpperBounds()[0], where);
    }
    throw new SheaveException(
        Code.UNSUPPORTED,
        "The type "
            + type
            + " of "
            + where
            + " can't be in a document: it says nothing of the values; use a type such as String.");
  }

  private static SheaveException unsupported(Class<?> type, String where, String why) {
    return new SheaveException(
        Code.UNSUPPORTED,
        "The type "
            + type.getSimpleName()
            + " of "
            + where
            + " can't be in a document: "
            + why
            + ".");
  }
}

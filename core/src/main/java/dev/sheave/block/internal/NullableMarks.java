package dev.sheave.block.internal;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code @Nullable} annotations of a constructor's parameters that reflection doesn't return,
 * because the annotation's class isn't on the class path, or isn't retained at run time, as for
 * those that the Kotlin compiler writes. They are read from the class file.
 */
final class NullableMarks {
  private static final String SUFFIX = "/Nullable;";

  private final ClassLoader loader;
  private final Map<Integer, String> texts = new HashMap<>();
  private final Set<Integer> parameters = new HashSet<>();
  private @Nullable String inner;

  private NullableMarks(Constructor<?> constructor) {
    Class<?> owner = constructor.getDeclaringClass();
    ClassLoader own = owner.getClassLoader();
    this.loader = own == null ? ClassLoader.getSystemClassLoader() : own;
    String file = owner.getName().substring(owner.getPackageName().length()).replace(".", "");
    try (InputStream in = owner.getResourceAsStream(file + ".class")) {
      if (in != null) {
        String descriptor =
            MethodType.methodType(void.class, constructor.getParameterTypes())
                .toMethodDescriptorString();
        readClass(new DataInputStream(new ByteArrayInputStream(in.readAllBytes())), descriptor);
      }
    } catch (IOException e) {
      parameters.clear(); // a file that reflection could read can't be broken
    }
  }

  /** Reads the marks of a constructor. */
  static NullableMarks of(Constructor<?> constructor) {
    return new NullableMarks(constructor);
  }

  /** Returns whether a parameter is marked. */
  boolean isNullable(int parameter) {
    return parameters.contains(parameter);
  }

  /** Returns the name of such an annotation on an element of a list or map, if there is one. */
  Optional<String> ofEntries() {
    return Optional.ofNullable(inner);
  }

  private void readClass(DataInputStream in, String descriptor) throws IOException {
    in.skipNBytes(8);
    readConstants(in);
    if (texts.values().stream().noneMatch(text -> text.endsWith(SUFFIX))) {
      return;
    }
    in.skipNBytes(6);
    in.skipNBytes(2L * in.readUnsignedShort());
    for (int fields = in.readUnsignedShort(); fields > 0; fields--) {
      in.skipNBytes(6);
      skipAttributes(in);
    }
    for (int methods = in.readUnsignedShort(); methods > 0; methods--) {
      in.skipNBytes(2);
      boolean isConstructor = "<init>".equals(texts.get(in.readUnsignedShort()));
      if (descriptor.equals(texts.get(in.readUnsignedShort())) && isConstructor) {
        readAttributes(in);
      } else {
        skipAttributes(in);
      }
    }
  }

  private void readConstants(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts.put(i, in.readUTF());
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // these take two places
        }
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        default -> in.skipNBytes(4);
      }
    }
  }

  private static void skipAttributes(DataInputStream in) throws IOException {
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      in.skipNBytes(2);
      in.skipNBytes(in.readInt());
    }
  }

  private void readAttributes(DataInputStream in) throws IOException {
    for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
      String name = texts.getOrDefault(in.readUnsignedShort(), "");
      DataInputStream content =
          new DataInputStream(new ByteArrayInputStream(in.readNBytes(in.readInt())));
      switch (name) {
        case "RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations" ->
            readParameterAnnotations(content);
        case "RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations" ->
            readTypeAnnotations(content);
        default -> {}
      }
    }
  }

  private void readParameterAnnotations(DataInputStream in) throws IOException {
    int count = in.readUnsignedByte();
    for (int parameter = 0; parameter < count; parameter++) {
      for (int annotations = in.readUnsignedShort(); annotations > 0; annotations--) {
        if (isHiddenMark(readAnnotation(in))) {
          parameters.add(parameter);
        }
      }
    }
  }

  private void readTypeAnnotations(DataInputStream in) throws IOException {
    for (int annotations = in.readUnsignedShort(); annotations > 0; annotations--) {
      int target = in.readUnsignedByte();
      int parameter = -1;
      switch (target) {
        case 0x16 -> parameter = in.readUnsignedByte();
        case 0x00, 0x01 -> in.skipNBytes(1);
        case 0x10, 0x11, 0x12, 0x17 -> in.skipNBytes(2);
        default -> {} // 0x13 to 0x15 have nothing more
      }
      int steps = in.readUnsignedByte();
      in.skipNBytes(2L * steps);
      String type = readAnnotation(in);
      if (parameter >= 0 && isHiddenMark(type)) {
        if (steps == 0) {
          parameters.add(parameter);
        } else {
          inner = className(type);
        }
      }
    }
  }

  /** Returns the descriptor of an annotation's type. */
  private String readAnnotation(DataInputStream in) throws IOException {
    String type = texts.getOrDefault(in.readUnsignedShort(), "");
    for (int pairs = in.readUnsignedShort(); pairs > 0; pairs--) {
      in.skipNBytes(2);
      skipElement(in);
    }
    return type;
  }

  private void skipElement(DataInputStream in) throws IOException {
    switch (in.readUnsignedByte()) {
      case 'e' -> in.skipNBytes(4);
      case '@' -> readAnnotation(in);
      case '[' -> {
        for (int values = in.readUnsignedShort(); values > 0; values--) {
          skipElement(in);
        }
      }
      default -> in.skipNBytes(2);
    }
  }

  private static String className(String descriptor) {
    return descriptor.substring(1, descriptor.length() - 1).replace('/', '.').replace('$', '.');
  }

  private boolean isHiddenMark(String descriptor) {
    if (!descriptor.endsWith(SUFFIX)) {
      return false;
    }
    String name = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    try {
      Retention kept = Class.forName(name, false, loader).getAnnotation(Retention.class);
      return kept == null || kept.value() != RetentionPolicy.RUNTIME;
    } catch (ClassNotFoundException | LinkageError e) {
      return true;
    }
  }
}

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.FieldVisitor;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Writes what of a folder of classes is API to a jar: public and protected members, without code,
 * outside of packages named {@code internal}. See {@code bin/api-baseline}.
 */
class ApiBaseline {

  public static void main(String[] args) throws IOException {
    Path classes = Path.of(args[0]);
    Map<String, ClassReader> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        if (!reader.getClassName().contains("/internal/")) {
          all.put(reader.getClassName(), reader);
        }
      }
    }
    TreeSet<String> api = new TreeSet<>();
    all.forEach((name, reader) -> {
      if ((reader.getAccess() & Opcodes.ACC_PUBLIC) != 0) {
        api.add(name);
        // what a public class inherits from one that isn't is public
        for (String parent = reader.getSuperName();
            all.containsKey(parent);
            parent = all.get(parent).getSuperName()) {
          api.add(parent);
        }
      }
    });
    try (OutputStream out = Files.newOutputStream(Path.of(args[1]));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : api) {
        ZipEntry entry = new ZipEntry(name + ".class");
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(stripped(all.get(name)));
        zip.closeEntry();
      }
    }
  }

  private static byte[] stripped(ClassReader reader) {
    ClassWriter writer = new ClassWriter(0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM8, writer) {
          private boolean isSeen(int access) {
            return (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0
                && (access & Opcodes.ACC_SYNTHETIC) == 0;
          }

          /** Not needed; this release of ASM can't copy it. */
          @Override
          public void visitPermittedSubclassExperimental(String name) {}

          @Override
          public FieldVisitor visitField(
              int access, String name, String descriptor, String signature, Object value) {
            return isSeen(access)
                ? super.visitField(access, name, descriptor, signature, value)
                : null;
          }

          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return isSeen(access)
                ? super.visitMethod(access, name, descriptor, signature, exceptions)
                : null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    return writer.toByteArray();
  }
}

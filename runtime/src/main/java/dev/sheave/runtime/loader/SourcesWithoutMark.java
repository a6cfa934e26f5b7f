package dev.sheave.runtime.loader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.StandardJavaFileManager;
import org.jspecify.annotations.Nullable;

/** Java sources without the byte order mark that some editors write, and that javac refuses. */
final class SourcesWithoutMark extends ForwardingJavaFileManager<StandardJavaFileManager> {

  SourcesWithoutMark(StandardJavaFileManager files) {
    super(files);
  }

  /** Returns a file to compile. */
  List<JavaFileObject> of(Path file) {
    return wrapped(fileManager.getJavaFileObjects(file));
  }

  private static List<JavaFileObject> wrapped(Iterable<? extends JavaFileObject> files) {
    List<JavaFileObject> all = new ArrayList<>();
    files.forEach(file -> all.add(file.getKind() == Kind.SOURCE ? new Source(file) : file));
    return all;
  }

  @Override
  public Iterable<JavaFileObject> list(
      Location location, String packageName, Set<Kind> kinds, boolean recurse) throws IOException {
    return wrapped(super.list(location, packageName, kinds, recurse));
  }

  @Override
  public @Nullable JavaFileObject getJavaFileForInput(
      Location location, String className, Kind kind) throws IOException {
    JavaFileObject file = super.getJavaFileForInput(location, className, kind);
    return file != null && kind == Kind.SOURCE ? new Source(file) : file;
  }

  @Override
  public @Nullable String inferBinaryName(Location location, JavaFileObject file) {
    return super.inferBinaryName(location, file instanceof Source source ? source.file() : file);
  }

  @Override
  public boolean isSameFile(FileObject a, FileObject b) {
    return super.isSameFile(unwrapped(a), unwrapped(b));
  }

  @Override
  public boolean contains(Location location, FileObject file) throws IOException {
    return super.contains(location, unwrapped(file));
  }

  private static FileObject unwrapped(FileObject file) {
    return file instanceof Source source ? source.file() : file;
  }

  private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
    Source(JavaFileObject file) {
      super(file);
    }

    JavaFileObject file() {
      return fileObject;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
      CharSequence text = super.getCharContent(ignoreEncodingErrors);
      return text.length() > 0 && text.charAt(0) == '\uFEFF'
          ? text.subSequence(1, text.length())
          : text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Source source && fileObject.equals(source.fileObject);
    }

    @Override
    public int hashCode() {
      return fileObject.hashCode();
    }
  }
}

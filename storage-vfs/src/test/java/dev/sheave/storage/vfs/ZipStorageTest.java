package dev.sheave.storage.vfs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ReadableStorageContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class ZipStorageTest extends ReadableStorageContract {
  @TempDir Path archives;

  @Override
  protected ReadableStorage openStorage(Map<String, String> files) throws IOException {
    Path archive = Files.write(archives.resolve("a.zip"), ZipTest.zip(files));
    return RemoteFileSystem.builder().basepath("zip:" + archive.toUri()).build();
  }
}

package dev.sheave.block;

import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class CoreBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public CoreBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "local-file-system",
            "Local File System",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.LocalFileSystem"),
        new BlockTypeDescriptor(
            "process",
            "Process",
            Set.of("run-infrastructure"),
            "dev.sheave.infrastructure.ProcessInfrastructure"),
        new BlockTypeDescriptor("secret", "Secret", Set.of(), "dev.sheave.block.SecretBlock"),
        new BlockTypeDescriptor("json", "JSON", Set.of(), "dev.sheave.block.JsonBlock"),
        new BlockTypeDescriptor("string", "String", Set.of(), "dev.sheave.block.StringBlock"),
        new BlockTypeDescriptor(
            "date-time", "Date Time", Set.of(), "dev.sheave.block.DateTimeBlock"));
  }
}

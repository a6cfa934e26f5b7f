package dev.sheave.examples;

import dev.sheave.block.Block;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;
import dev.sheave.storage.WritableFileSystem;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** A flow that loads a block: it writes a report to whatever storage the block describes. */
public final class ReportFlow {

  private ReportFlow() {}

  /** Writes the report of a day. */
  @Flow(name = "report")
  public static String report(
      @Param(value = "storage", defaultValue = "local-file-system/reports") String storage,
      @Param("day") LocalDate day) {
    WritableFileSystem files = (WritableFileSystem) Block.load(storage);
    String place =
        files.writePath(
            "reports/" + day + ".txt",
            ("All quiet on " + day + "\n").getBytes(StandardCharsets.UTF_8));
    FlowRunContext.current().logger().info("Wrote {}", place);
    return place;
  }
}

package dev.sheave.testkit.block;

import dev.sheave.block.Block;
import dev.sheave.block.DateTimeBlock;
import dev.sheave.block.JsonBlock;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.block.StringBlock;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.storage.LocalFileSystem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The block types that core has itself. */
class CoreBlocksTest {

  @Nested
  class LocalFileSystemBlock extends BlockContract {
    @Override
    protected Block example() {
      return LocalFileSystem.builder().basepath("/srv/flows").build();
    }
  }

  @Nested
  class ProcessBlock extends BlockContract {
    @Override
    protected Block example() {
      return ProcessInfrastructure.builder()
          .env(Map.of("LOG_LEVEL", "DEBUG"))
          .labels(Map.of("team", "blue"))
          .name("worker")
          .command(List.of("run", "it"))
          .streamOutput(false)
          .workingDir("/srv/flows")
          .build();
    }
  }

  @Nested
  class SecretText extends BlockContract {
    @Override
    protected Block example() {
      return new SecretBlock(Secret.of("correct horse"));
    }
  }

  @Nested
  class Json extends BlockContract {
    @Override
    protected Block example() {
      return new JsonBlock(Map.of("numbers", List.of(1, 2.5), "truth", true));
    }
  }

  @Nested
  class Text extends BlockContract {
    @Override
    protected Block example() {
      return new StringBlock("some text");
    }
  }

  @Nested
  class DateTime extends BlockContract {
    @Override
    protected Block example() {
      return new DateTimeBlock(Instant.parse("2030-01-31T12:00:00Z"));
    }
  }
}

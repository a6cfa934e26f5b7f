package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.Param;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.ReadableFileSystem;
import dev.sheave.storage.WritableFileSystem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program names the class of a block instead of registering it. */
class UnregisteredTypesTest extends StoreTest {

  sealed interface Channel permits Mail, Chat {}

  @BlockType(slug = "mail", name = "Mail", description = "Tells by mail.")
  static final class Mail extends Block implements Channel {
    final String address;

    Mail(@BlockField(description = "To whom.") String address) {
      this.address = address;
    }
  }

  @BlockType(slug = "chat", name = "Chat", description = "Tells in a chat.")
  static final class Chat extends Block implements Channel {
    final String room;

    Chat(@BlockField(description = "Where.") String room) {
      this.room = room;
    }
  }

  @BlockType(slug = "alarm", name = "Alarm", description = "Tells in many ways.")
  static final class Alarm extends Block {
    final Mail first;
    final List<Channel> others;

    Alarm(
        @BlockField(description = "Told first.") Mail first,
        @BlockField(description = "Told then.") List<Channel> others) {
      this.first = first;
      this.others = others;
    }
  }

  @Test
  void theClassThatIsNamedIsUsed() {
    program().save(new Mail("a@example.org"), "x");

    assertThat(program().load("mail/x", Mail.class)).isEqualTo(new Mail("a@example.org"));
    assertThat(program().load("x", Mail.class)).isEqualTo(new Mail("a@example.org"));
  }

  @Test
  void blocksInItAreOfTheClassesThatItsFieldsName() {
    Mail saved = program().save(new Mail("a@example.org"), "x");
    Alarm alarm = new Alarm(saved, List.of(new Chat("ops"), new Mail("b@example.org")));
    program().save(alarm, "y");

    assertThat(program().load("alarm/y", Alarm.class)).isEqualTo(alarm);
  }

  @Test
  void whatWasSavedIsLoadedWithoutItsClass() {
    Blocks blocks = program();
    assertThatThrownBy(() -> blocks.create("mail", Map.of("address", "a@example.org")))
        .hasMessageStartingWith("The block type 'mail' isn't installed");

    blocks.save(new Mail("a@example.org"), "x");

    assertThat(blocks.load("mail/x")).isEqualTo(new Mail("a@example.org"));
  }

  /** A flow with parameters of such types. */
  public static final class Flows {
    @Flow
    public static String tell(@Param("by") Mail by, @Param("also") Channel also) {
      return by.address + " " + also.getClass().getSimpleName();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"mail/x chat/x", "{\"address\":\"a@example.org\"} chat/x"})
  void parametersOfAFlowAreOfTheClassesThatItNames(String by, String also) throws Throwable {
    program().save(new Mail("a@example.org"), "x");
    program().save(new Chat("ops"), "x");
    FlowDefinition flow = FlowDefinition.of(FlowMethods.find(Flows.class, "tell"));

    Object[] arguments = flow.arguments(Map.of("by", by, "also", also), program());

    assertThat(flow.invoke(arguments)).isEqualTo("a@example.org Chat");
  }

  @Test
  void aBlockIsLoadedByWhatItCanDo() {
    Blocks blocks = program(LocalFileSystem.class, StringBlock.class);
    blocks.save(LocalFileSystem.builder().basepath(home).build(), "files");
    blocks.save(new StringBlock("x"), "x");

    WritableFileSystem files = blocks.load("local-file-system/files", WritableFileSystem.class);
    assertThat(files).isInstanceOf(LocalFileSystem.class);
    assertThat(blocks.load("local-file-system/files", ReadableFileSystem.class)).isEqualTo(files);
    assertThatThrownBy(() -> blocks.load("string/x", WritableFileSystem.class))
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            "'string/x' can't be loaded as WritableFileSystem: its type 'string' lacks the"
                + " capabilities 'read-path' and 'write-path'.");
    assertThatThrownBy(() -> blocks.load("local-file-system/files", Infrastructure.class))
        .hasMessageContaining("lacks the capability 'run-infrastructure'");
    assertThatThrownBy(() -> blocks.load("string/x", String.class))
        .hasMessage(
            "String isn't a block class; name one that extends Block, or an interface of blocks"
                + " such as WritableFileSystem.");
    assertThatThrownBy(() -> blocks.load("string/x", SecretBlock.class))
        .hasMessage("'string/x' can't be loaded as SecretBlock, whose block type is 'secret'.");
    assertThatThrownBy(() -> blocks.load("string/x", Channel.class))
        .hasMessage("'string/x' can't be loaded as Channel, since its class is StringBlock.");
  }
}

package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.StoredTypes.Creds;
import dev.sheave.block.StoredTypes.Db;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.DeploymentBuilder;
import dev.sheave.deployment.Deployments;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowReference;
import dev.sheave.flow.Param;
import dev.sheave.storage.LocalFileSystem;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with a connection of its own beside the process's: what it does goes there. */
class OwnConnectionTest {
  @TempDir Path folder;
  private Sheave own;
  private Sheave global;

  /** Flows with every number of parameters. */
  public static final class Flows {
    @Flow
    public static void f0() {}

    @Flow
    public static void f1(@Param("a") int a) {}

    @Flow
    public static void f2(@Param("a") int a, @Param("b") int b) {}

    @Flow
    public static void f3(@Param("a") int a, @Param("b") int b, @Param("c") int c) {}

    @Flow
    public static void f4(
        @Param("a") int a, @Param("b") int b, @Param("c") int c, @Param("d") int d) {}

    @Flow
    public static void f5(
        @Param("a") int a,
        @Param("b") int b,
        @Param("c") int c,
        @Param("d") int d,
        @Param("e") int e) {}

    @Flow
    public static void f6(
        @Param("a") int a,
        @Param("b") int b,
        @Param("c") int c,
        @Param("d") int d,
        @Param("e") int e,
        @Param("f") int f) {}

    @Flow
    public static void f7(
        @Param("a") int a,
        @Param("b") int b,
        @Param("c") int c,
        @Param("d") int d,
        @Param("e") int e,
        @Param("f") int f,
        @Param("g") int g) {}

    @Flow
    public static void f8(
        @Param("a") int a,
        @Param("b") int b,
        @Param("c") int c,
        @Param("d") int d,
        @Param("e") int e,
        @Param("f") int f,
        @Param("g") int g,
        @Param("h") int h) {}
  }

  @BeforeEach
  void connect() {
    own = Sheave.builder().home(folder.resolve("own")).connect();
    global = Sheave.builder().home(folder.resolve("global")).connect();
    Sheave.use(global);
  }

  @AfterEach
  void close() {
    own.close();
    global.close();
  }

  @Test
  void aLoadedBlockIsSavedWhereItCameFrom() {
    own.blocks().save(new StringBlock("v1"), "s");

    StringBlock loaded = own.blocks().load("s", StringBlock.class);
    loaded.withValue("v2").save("s", SaveMode.OVERWRITE);
    loaded.save("other");
    own.blocks().with(loaded, Map.of("value", "v3")).save("changed");

    assertThat(own.blocks().load("s", StringBlock.class).value()).isEqualTo("v2");
    assertThat(own.blocks().load("changed", StringBlock.class).value()).isEqualTo("v3");
    assertThat(own.blocks().exists("string/other")).isTrue();
    for (String name : List.of("string/s", "string/other", "string/changed")) {
      assertThat(Block.exists(name)).as(name).isFalse();
    }
  }

  @Test
  void aSavedBlockIsSavedThereAgain() {
    StringBlock saved = own.blocks().save(new StringBlock("v1"), "s");

    StringBlock again = saved.withValue("v2").save("s", SaveMode.OVERWRITE);
    again.save("copy");

    assertThat(own.blocks().exists("string/copy")).isTrue();
    assertThat(global.blocks().exists("string/copy")).isFalse();
  }

  @Test
  void aBlockThatWasBuiltIsSavedByTheProcessesConnection() {
    new StringBlock("v").save("s");

    assertThat(global.blocks().exists("string/s")).isTrue();
    assertThat(own.blocks().exists("string/s")).isFalse();
  }

  @Test
  void nestedBlocksAreLoadedFromThereAndBelongThere() {
    Creds creds = own.blocks().save(new Creds("me", Secret.of("p")), "c");
    own.blocks().save(new Db(creds, "d"), "db");

    Db loaded = own.blocks().load("db", Db.class);
    loaded.creds.withUser("you").save("c", SaveMode.OVERWRITE);

    assertThat(own.blocks().load("db", Db.class).creds.user).isEqualTo("you");
    assertThat(Block.exists("my-creds/c")).isFalse();
  }

  @Test
  void aBlockOfAnotherConnectionIsSaid() {
    Creds creds = own.blocks().save(new Creds("me", Secret.of("p")), "c");
    Block files = own.blocks().save(files(), "files");
    String advice = " belongs to another connection; save it through this one first.";

    assertThatThrownBy(() -> global.blocks().save(new Db(creds, "d"), "db"))
        .isInstanceOf(SheaveException.class)
        .hasMessage("The block 'my-creds/c'" + advice)
        .extracting("code")
        .isEqualTo(Code.INVALID);
    assertThatThrownBy(() -> Deployment.buildFromFlow(Flows::f0, "d").storage(files))
        .hasMessage("The block 'local-file-system/files'" + advice);

    global.blocks().save(creds, "c");
    Db saved = global.blocks().save(new Db(global.blocks().load("c", Creds.class), "d"), "db");
    assertThat(saved.creds.user).isEqualTo("me");
  }

  private Block files() {
    return LocalFileSystem.builder().basepath(folder.resolve("files")).build();
  }

  @Test
  void flowsAreNamedByMethodReferences() {
    Deployments deployments = own.deployments();
    List<DeploymentBuilder> builders =
        List.of(
            deployments.buildFromFlow(Flows::f0, "d"),
            deployments.buildFromFlow(Flows::f1, "d"),
            deployments.buildFromFlow(Flows::f2, "d"),
            deployments.buildFromFlow(Flows::f3, "d"),
            deployments.buildFromFlow(Flows::f4, "d"),
            deployments.buildFromFlow(Flows::f5, "d"),
            deployments.buildFromFlow(Flows::f6, "d"),
            deployments.buildFromFlow(Flows::f7, "d"),
            deployments.buildFromFlow(Flows::f8, "d"));
    assertThat(builders)
        .extracting(DeploymentBuilder::flowName)
        .containsExactly("f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8");
    assertThat(deployments.buildFromFlow(Flows.class, "f1", "d").flowName()).isEqualTo("f1");

    UUID id = builders.get(0).skipUpload(true).apply();

    assertThat(own.api().deployments().readDeployment(id).fullName()).isEqualTo("f0/d");
    assertThatThrownBy(() -> Deployment.load("f0/d")).isInstanceOf(SheaveException.class);
    assertThat(own.deployments().load("f0/d").name()).isEqualTo("d");
  }

  @Test
  void everyStaticMethodHasItsCounterpart() {
    assertThat(counterparts(Blocks.class)).containsAll(statics(Block.class));
    assertThat(counterparts(Deployments.class)).containsAll(statics(Deployment.class));
  }

  private static List<String> statics(Class<?> type) {
    return methods(type, true).toList();
  }

  private static List<String> counterparts(Class<?> type) {
    return methods(type, false).toList();
  }

  private static Stream<String> methods(Class<?> type, boolean isStatic) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> Modifier.isStatic(method.getModifiers()) == isStatic)
        .map(OwnConnectionTest::signature);
  }

  private static String signature(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }

  @Test
  void aReferenceOfEachKindIsTested() {
    assertThat(FlowReference.class.getPermittedSubclasses()).hasSize(9);
  }
}

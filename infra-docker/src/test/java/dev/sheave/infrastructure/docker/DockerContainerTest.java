package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of all infrastructure doesn't know: a container, and its engine. */
@Timeout(120)
class DockerContainerTest {
  private static final String PRINT_KEY = "cat \"$SHEAVE_API_KEY_FILE\"; exec true";

  private final UUID run = UUID.randomUUID();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final List<RunningInfrastructure> started = new ArrayList<>();

  @AfterEach
  void removeAll() {
    for (RunningInfrastructure each : started) {
      if (!each.ended().toCompletableFuture().isDone()) {
        each.kill(Duration.ZERO);
      }
      each.remove();
    }
  }

  private static DockerContainer.Builder shell(String script) {
    return DockerService.block().command(List.of("sh", "-c", script));
  }

  private RunRequest request(String url) {
    return RunRequest.builder(run, "wise owl", ApiAccess.to(url).withKey(Secret.of("the key")))
        .output(output::add)
        .build();
  }

  private RunRequest request() {
    return request("https://sheave.test/api");
  }

  private RunningInfrastructure start(DockerContainer block) {
    RunningInfrastructure running = block.start(request());
    started.add(running);
    return running;
  }

  private static Ended endOf(RunningInfrastructure running) throws Exception {
    return running.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static InspectContainerResponse inspect(RunningInfrastructure running) {
    String pid = running.pid();
    return DockerService.engine().container(pid.substring(pid.lastIndexOf(':') + 1)).orElseThrow();
  }

  @Test
  void theFieldsReachTheEngine() throws Exception {
    DockerContainer block =
        shell("exec sleep 60")
            .labels(Map.of("team", "heart", RunRequest.FLOW_RUN_ID_LABEL, "not mine"))
            .networkMode("none")
            .volumes(List.of("/tmp:/host:ro"))
            .memLimit("64m")
            .memswapLimit("128m")
            .cpus(0.5)
            .extraHosts(List.of("database:10.0.0.5"))
            .user("4242")
            .tmpfs(List.of("/scratch:size=1m"))
            .shmSize("8m")
            .build();
    InspectContainerResponse container = inspect(start(block));

    HostConfig config = container.getHostConfig();
    assertThat(config.getNetworkMode()).isEqualTo("none");
    assertThat(config.getMemory()).isEqualTo(64L << 20);
    assertThat(config.getMemorySwap()).isEqualTo(128L << 20);
    assertThat(config.getNanoCPUs()).isEqualTo(500_000_000);
    assertThat(config.getExtraHosts()).containsExactly("database:10.0.0.5");
    assertThat(config.getShmSize()).isEqualTo(8L << 20);
    assertThat(config.getTmpFs()).containsEntry("/scratch", "size=1m");
    assertThat(container.getMounts()).extracting(each -> each.getRW()).containsExactly(false);
    assertThat(container.getConfig().getUser()).isEqualTo("4242");
    assertThat(container.getConfig().getLabels())
        .containsEntry("team", "heart")
        .containsEntry(RunRequest.FLOW_RUN_ID_LABEL, run.toString());
    assertThat(container.getName()).startsWith("/wise-owl-" + run.toString().substring(0, 13));
  }

  @ParameterizedTest
  @CsvSource({"true,root", "true,marvin", "false,marvin"})
  void theKeyIsReadByWhateverUserAndFromAReadOnlyFileSystem(boolean isReadOnly, String user)
      throws Exception {
    RunningInfrastructure running = start(shell(PRINT_KEY).readOnly(isReadOnly).user(user).build());

    assertThat(endOf(running).exitCode()).hasValue(0);
    assertThat(output).containsExactly("the key");
    InspectContainerResponse container = inspect(running);
    assertThat(container.getConfig().getEnv()).noneMatch(each -> each.contains("the key"));
  }

  @Test
  void memoryThatIsNotThereIsTheReason() throws Exception {
    Ended ended =
        endOf(
            start(
                shell("x=0123456789abcdef; while :; do x=$x$x; done")
                    .memLimit("16m")
                    .memswapLimit("16m")
                    .build()));

    assertThat(ended.kind()).isEqualTo(Kind.KILLED);
    assertThat(ended.reason()).contains("limit of 16777216 bytes").contains("OOMKilled");
  }

  @Test
  void anImageThatIsNotThereIsSaidWithTheEnginesReason() {
    DockerContainer missing = shell("true").image("localhost:1/no-such-image:1").build();
    assertThatThrownBy(() -> missing.start(request()))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERNAL))
        .hasMessageContaining("localhost:1/no-such-image:1")
        .hasMessageContaining("refused");

    DockerContainer never = missing.toBuilder().imagePullPolicy(ImagePullPolicy.NEVER).build();
    assertThatThrownBy(() -> never.start(request())).hasMessageContaining("is NEVER");
    assertThatThrownBy(never::check).hasMessageContaining("is NEVER");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoIsInterruptedWhileAnImageIsPulledStopsThePull(boolean hasManifest) throws Exception {
    try (SlowRegistry registry = new SlowRegistry(hasManifest)) {
      DockerContainer block = shell("true").image(registry.image()).build();
      FutureTask<RunningInfrastructure> start = new FutureTask<>(() -> block.start(request()));
      Thread starter = new Thread(start);
      starter.start();
      assertThat(registry.awaitAsked(Duration.ofSeconds(30))).isTrue();

      starter.interrupt();

      assertThatThrownBy(() -> start.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INTERRUPTED))
          .hasMessageContaining(registry.image());
      if (hasManifest) { // Docker 20.10 doesn't give up a manifest, whoever leaves
        assertThat(registry.awaitLeft(Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bridge"})
  void aNetworkThatIsNotThereIsTheReason(String mode) throws Exception {
    DockerContainer block =
        shell("true")
            .networkMode(mode.isEmpty() ? null : mode)
            .networks(List.of("no-such-network"))
            .build();

    Ended ended = endOf(start(block));
    assertThat(ended.kind()).isEqualTo(Kind.NEVER_STARTED);
    assertThat(ended.reason()).contains("no-such-network");
    assertThatThrownBy(block::check).hasMessageContaining("no-such-network");
  }

  @Test
  void aModeMayBeANetworkThatIsNotThere() {
    DockerContainer block = shell("true").networkMode("no-such-network").build();

    assertThatThrownBy(block::check)
        .hasMessage(
            "Docker at '"
                + DockerService.host()
                + "' has no network 'no-such-network', which 'network_mode' names; create it, or"
                + " change 'network_mode'.");
    for (String mode : List.of("bridge", "host", "none")) {
      shell("true").networkMode(mode).build().check();
    }
  }

  @Test
  void aModeMayShareTheNetworkOfAContainerThatRuns() throws Exception {
    RunningInfrastructure running = start(shell("exec sleep 600").build());
    DockerContainer shared =
        shell("true").networkMode("container:" + inspect(running).getId()).build();

    shared.check();
    running.kill(Duration.ZERO);
    assertThatThrownBy(shared::check).hasMessageContaining("isn't running");
    assertThatThrownBy(
            shell("true").networkMode("container:nobody").networks(List.of("nowhere")).build()
                ::check)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessageContainingAll("no network 'nowhere'", "no container 'nobody'");
  }

  @Test
  void whereSheavesOwnImageWritesIsInMemoryIfTheRestIsReadOnly() {
    DockerContainer block = DockerContainer.builder().readOnly(true).build();

    assertThat(block.preview(request()))
        .contains("\"/tmp\" : \"exec\"")
        .contains("\"/home/sheave/run\" : \"exec,uid=1000\"")
        .contains("\"/home/sheave/.sheave\" : \"exec,uid=1000\"");
    assertThat(block.toBuilder().image("flows:1").build().preview(request()))
        .doesNotContain("/home/sheave");
    assertThat(
            block.toBuilder()
                .tmpfs(List.of("/tmp/:size=1m"))
                .volumes(List.of("/data:/home/sheave/run"))
                .build()
                .preview(request()))
        .contains("\"/tmp\" : \"size=1m\"")
        .contains("\"/home/sheave/.sheave\"")
        .doesNotContain("\"/home/sheave/run\"");
  }

  @Test
  void aNameThatAStrangerHasIsAConflict() {
    DockerContainer block = shell("exec sleep 60").build();
    RunningInfrastructure first = start(block);
    String name = inspect(first).getName().substring(1);
    first.kill(Duration.ZERO);
    first.remove();
    Engine engine = DockerService.engine();
    String stranger =
        engine.call(
            "create",
            docker ->
                docker
                    .createContainerCmd(DockerService.image())
                    .withName(name)
                    .withCmd("true")
                    .exec()
                    .getId());
    try {
      assertThatThrownBy(() -> start(block))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
          .hasMessageContaining(name);
    } finally {
      engine.ensure("remove", docker -> docker.removeContainerCmd(stranger).exec());
    }
  }

  @Test
  void whatWasCreatedByAProgramThatDiedIsStarted() throws Exception {
    DockerContainer block = shell("echo started").build();
    RunRequest request = request();
    DockerService.engine()
        .call(
            "create",
            docker ->
                docker
                    .createContainerCmd(DockerService.image())
                    .withName("half-made-" + run)
                    .withCmd("sh", "-c", "echo started")
                    .withLabels(request.labels())
                    .exec());
    assertThatThrownBy(() -> block.attach(request, null, null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));

    assertThat(endOf(start(block)).exitCode()).hasValue(0);
    assertThat(output).containsExactly("started");
  }

  @Test
  void aContainerThatIsRemovedIsGone() throws Exception {
    RunningInfrastructure running = start(shell("echo ready; exec sleep 60").build());
    assertThat(output.poll(30, TimeUnit.SECONDS)).isEqualTo("ready");
    String id = inspect(running).getId();
    DockerService.engine()
        .ensure("remove", docker -> docker.removeContainerCmd(id).withForce(true).exec());

    assertThat(endOf(running).kind()).isIn(Kind.GONE, Kind.KILLED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndIsSeenWithoutOutput(boolean isShown) throws Exception {
    RunningInfrastructure running =
        start(shell("echo unseen; sleep 1; exit 3").streamOutput(isShown).build());

    assertThat(endOf(running).exitCode()).hasValue(3);
    assertThat(output).hasSize(isShown ? 1 : 0);
  }

  @Test
  void bothStreamsGoOnFromTheirOwnPlaces() throws Exception {
    DockerContainer block =
        shell("for i in 1 2 3 4 5; do echo out $i; echo error $i >&2; done; printf last").build();
    RunningInfrastructure running = start(block);
    endOf(running);
    List<String> all = List.copyOf(output);
    assertThat(all).hasSize(11);
    output.clear();

    try (RunningInfrastructure whole = block.attach(request(), null, ",")) {
      endOf(whole);
      assertThat(output).containsExactlyElementsOf(all);
    }
    output.clear();
    String afterErrors = "," + running.position().split(",")[1];
    try (RunningInfrastructure rest = block.attach(request(), null, afterErrors)) {
      endOf(rest);
      assertThat(output).containsExactly("out 1", "out 2", "out 3", "out 4", "out 5", "last");
    }
    assertThatThrownBy(() -> block.attach(request(), null, "12"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  @Test
  void aLineOfManyFramesIsOneLine() throws Exception {
    RunningInfrastructure running =
        start(shell("head -c 50000 /dev/zero | tr '\\0' x; echo; echo next").build());

    endOf(running);
    assertThat(output).containsExactly("x".repeat(50_000), "next");
  }

  @Test
  void anImageIsBuiltWithCodeOfAnyNameAndRun(@TempDir Path code) throws Exception {
    String deep = "a-folder-of-a-long-name/".repeat(8) + "größe.txt";
    Files.createDirectories(code.resolve(deep).getParent());
    Files.writeString(code.resolve(deep), "deep");
    Files.writeString(code.resolve("greeting"), "hello\n");
    Files.writeString(code.resolve("script"), "#!/bin/sh\necho run").toFile().setExecutable(true);
    String image = "sheave-test/code:" + run;
    DockerContainer block =
        shell("cd /opt/sheave/flows; cat greeting; ./script; cat \"" + deep + "\"")
            .image(image)
            .user("marvin")
            .build();
    block.buildImage(FileTree.of(code, IgnoreRules.NONE), DockerService.image(), image);
    try {
      assertThat(endOf(start(block)).exitCode()).hasValue(0);
      assertThat(output).containsExactly("hello", "run", "deep");
      started.get(0).remove();
    } finally {
      DockerService.engine().ensure("remove", docker -> docker.removeImageCmd(image).exec());
    }
  }

  @Test
  void anImageThatCannotBeBuiltIsSaid(@TempDir Path code) {
    DockerContainer block = shell("true").build();
    FileTree nothing = FileTree.of(code, IgnoreRules.NONE);

    assertThatThrownBy(() -> block.buildImage(nothing, "localhost:1/no-base:1", "sheave-test/x:1"))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("sheave-test/x:1")
        .hasMessageContaining("localhost:1/no-base:1");
    assertThatThrownBy(() -> block.buildImage(nothing, null, "No Name"))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("No Name");
  }

  @Test
  void aKeptContainerStays() throws Exception {
    DockerContainer block = shell("true").autoRemove(false).build();
    RunningInfrastructure running = start(block);
    endOf(running);
    running.remove();
    String id = inspect(running).getId();

    DockerService.engine().ensure("remove", docker -> docker.removeContainerCmd(id).exec());
  }

  @Test
  void theGraceOfTheBlockIsUsed() throws Exception {
    RunningInfrastructure running =
        start(
            shell("trap '' TERM; echo ready; while :; do sleep 0.1; done")
                .stopGrace(Duration.ofMillis(100))
                .build());
    assertThat(output.poll(30, TimeUnit.SECONDS)).isEqualTo("ready");

    assertThat(running.stopGrace()).isEqualTo(Duration.ofMillis(100));
    running.kill(running.stopGrace());

    assertThat(endOf(running).kind()).isEqualTo(Kind.KILLED);
  }

  @Test
  void aDatabaseIsNoAddressForAContainer() {
    RunRequest request = request("jdbc:sqlite:/home/marvin/sheave.db");

    assertThatThrownBy(() -> shell("true").build().start(request))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("SHEAVE_API_URL");
  }

  @Test
  void aLocalApiIsReachedOverTheHostsNetwork() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, null)) {
      DockerContainer block =
          shell("echo $SHEAVE_API_URL; echo | nc 127.0.0.1 " + server.getLocalPort()).build();
      RunRequest request = request("http://localhost:" + server.getLocalPort() + "/api");
      started.add(block.start(request));

      server.accept().close();
      assertThat(output.poll(30, TimeUnit.SECONDS)).isEqualTo(request.api().url());
    }
    assertThat(shell("true").build().network()).contains(new RunNetwork("127.0.0.1", "127.0.0.1"));
  }

  @Test
  void aLocalApiHasAnotherNameInsideANetwork() {
    DockerContainer block = shell("true").networkMode("bridge").build();

    assertThat(block.preview(request("http://user@localhost:4200/api")))
        .contains("SHEAVE_API_URL=http://host.docker.internal:4200/api")
        .contains("host.docker.internal:host-gateway");
    assertThat(block.network().orElseThrow().listenAt()).startsWith("172.");
  }

  @Test
  void anEngineThatIsNotThereIsSaid() {
    DockerContainer block = DockerContainer.builder().dockerHost("unix:///no/such.sock").build();

    assertThatThrownBy(() -> block.start(request()))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("unix:///no/such.sock");
  }

  @Test
  void whySshHasNoConnectionIsSaid() {
    DockerContainer block =
        DockerContainer.builder().dockerHost("ssh://marvin@127.0.0.1:1").build();

    assertThatThrownBy(block::check)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("ssh://marvin@127.0.0.1:1")
        .hasMessageContaining("Connection refused");
  }
}

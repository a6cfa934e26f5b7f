package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.ApiKeyFile;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.storage.backend.JsonText;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of all infrastructure doesn't know: a job, its pods, and the cluster. */
@Timeout(120)
class KubernetesJobTest {
  private final UUID run = UUID.randomUUID();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> progress = new LinkedBlockingQueue<>();
  private final List<RunningInfrastructure> started = new ArrayList<>();

  @BeforeAll
  static void awaitCluster() {
    KubernetesService.await();
  }

  @AfterEach
  void removeAll() {
    for (RunningInfrastructure each : started) {
      if (!each.ended().toCompletableFuture().isDone()) {
        each.kill(Duration.ZERO);
      }
      each.remove();
    }
  }

  private static KubernetesJob.Builder shell(String script) {
    return KubernetesService.block().command(List.of("sh", "-c", script));
  }

  private RunRequest request(String url) {
    return RunRequest.builder(run, "wise owl", ApiAccess.to(url).withKey(Secret.of("the key")))
        .flowName("a flow: with a name that no label may have")
        .output(output::add)
        .progress(progress::add)
        .build();
  }

  private RunRequest request() {
    return request("https://sheave.test/api");
  }

  private RunningInfrastructure start(KubernetesJob.Builder block) {
    RunningInfrastructure running = block.build().start(request());
    started.add(running);
    return running;
  }

  private static Ended endOf(RunningInfrastructure running) throws Exception {
    return running.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static JobResources resources(RunningInfrastructure running) {
    String[] pid = running.pid().split(":", -1);
    return new JobResources(KubernetesService.cluster(), pid[1], pid[2]);
  }

  private String nextLine() throws InterruptedException {
    String line = output.poll(60, TimeUnit.SECONDS);
    assertThat(line).as("the next line of output").isNotNull();
    return String.valueOf(line);
  }

  private static Optional<ObjectMeta> secret(JobResources job) {
    return KubernetesService.cluster()
        .find(
            "show it", api -> api.secrets().inNamespace(job.namespace()).withName(job.name()).get())
        .map(each -> each.getMetadata());
  }

  private static boolean hasSecret(JobResources job) {
    return secret(job).isPresent();
  }

  @Test
  void theFieldsReachTheClusterAndLabelsAreValid() {
    Map<String, @Nullable String> env = new HashMap<>();
    env.put("PRICE", "$(HOME) for $5");
    env.put("SHEAVE_API_URL", null);
    String manifest =
        shell("echo $(HOME)")
            .env(env)
            .labels(Map.of("team", "heart of gold", RunRequest.FLOW_RUN_ID_LABEL, "not mine"))
            .imagePullPolicy(ImagePullPolicy.NEVER)
            .cpuRequest("10m")
            .memoryLimit("64Mi")
            .nodeSelector(Map.of("kubernetes.io/os", "linux"))
            .tolerations(List.of(Map.of("key", "gpu", "operator", "Exists")))
            .imagePullSecrets(List.of("registry"))
            .volumes(List.of("claim:data:/data:ro"))
            .podAnnotations(Map.of("note", "for the pod"))
            .activeDeadlineSeconds(600)
            .build()
            .preview(request());

    assertThat(manifest)
        .contains("name: \"wise-owl-" + run.toString().substring(0, 13) + "\"")
        .contains("sheave.dev/flow-run-id: \"" + run + "\"")
        .contains("team: \"heart-of-gold\"", "team: \"heart of gold\"")
        .contains("imagePullPolicy: \"Never\"", "cpu: \"10m\"", "memory: \"64Mi\"")
        .contains("kubernetes.io/os: \"linux\"", "key: \"gpu\"", "name: \"registry\"")
        .contains("claimName: \"data\"", "note: \"for the pod\"", "activeDeadlineSeconds: 600")
        .contains("value: \"$$(HOME) for $$5\"", "echo $$(HOME)")
        .contains("backoffLimit: 0", "restartPolicy: \"Never\"")
        .doesNotContain("the key", "SHEAVE_API_URL");
  }

  @Test
  void customizingTheEnvironmentLosesNothingOfOurs() throws Exception {
    RunningInfrastructure running =
        start(
            shell("echo $SHEAVE__FLOW_RUN_ID $SHEAVE_API_URL $A $(cat $SHEAVE_API_KEY_FILE)")
                .customizations(
                    """
                    - {op: add, path: /spec/template/spec/securityContext/runAsUser, value: 4242}
                    - {op: add, path: /spec/template/spec/containers/0/env, value: [{name: A, value: one}]}
                    - {op: add, path: /spec/template/spec/containers/0/volumeMounts, value: []}
                    - {op: add, path: /spec/template/spec/volumes, value: []}
                    """));

    assertThat(endOf(running).exitCode()).hasValue(0);
    assertThat(output).containsExactly(run + " https://sheave.test/api one the key");
    assertThat(resources(running).job().orElseThrow().getMetadata().getAnnotations())
        .containsEntry(RunRequest.FLOW_NAME_LABEL, "a flow: with a name that no label may have");
    assertThat(hasSecret(resources(running))).isTrue();
    running.remove();
    assertThat(hasSecret(resources(running))).isFalse();
  }

  @Test
  void memoryThatIsNotThereIsTheReason() throws Exception {
    Ended ended =
        endOf(start(shell("x=0123456789abcdef; while :; do x=$x$x; done").memoryLimit("16Mi")));

    assertThat(ended.kind()).isEqualTo(Kind.KILLED);
    // the node's word for it, OOMKilled, may be missing if the node is busy
    assertThat(ended.reason()).contains("limit of 16Mi");
  }

  @Test
  void whatDoesNotStartIsDeletedInTimeWithTheClustersReason() throws Exception {
    Map<String, KubernetesJob.Builder> blocks =
        Map.of(
            "no-such-image:1",
            shell("true").image("localhost:1/no-such-image:1"),
            "didn't match Pod's node affinity/selector",
            shell("true").nodeSelector(Map.of("disk", "gold")),
            "serviceaccount \"nobody\" not found",
            shell("true").serviceAccountName("nobody"),
            "secret \"no-such-secret\" not found",
            shell("true").volumes(List.of("secret:no-such-secret:/secret")));
    Map<String, RunningInfrastructure> runs = new HashMap<>();
    blocks.forEach(
        (reason, block) -> {
          RunRequest request =
              RunRequest.builder(UUID.randomUUID(), "owl", request().api())
                  .progress(progress::add)
                  .build();
          RunningInfrastructure running = block.podWatchTimeoutSeconds(12).build().start(request);
          started.add(running);
          runs.put(reason, running);
        });

    for (Map.Entry<String, RunningInfrastructure> each : runs.entrySet()) {
      Ended ended = endOf(each.getValue());
      assertThat(ended.kind()).isEqualTo(Kind.NEVER_STARTED);
      assertThat(ended.reason()).contains("within 12 seconds").contains(each.getKey());
      JobResources job = resources(each.getValue());
      assertThat(job.job()).isEmpty();
      assertThat(hasSecret(job)).isFalse();
      assertThat(progress).anyMatch(sentence -> sentence.contains(each.getKey()));
    }
  }

  private static void createNamespace(String name) {
    KubernetesService.cluster()
        .call(
            "create a namespace",
            api ->
                api.resource(
                        new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create());
  }

  private static void deleteNamespace(String name) {
    KubernetesService.cluster()
        .find("delete the namespace", api -> api.namespaces().withName(name).delete());
  }

  /** Allows none of a kind. */
  private static void limit(String namespace, String kind) {
    KubernetesService.cluster()
        .call(
            "limit it",
            api ->
                api.resource(
                        new ResourceQuotaBuilder()
                            .withNewMetadata()
                            .withName("none")
                            .withNamespace(namespace)
                            .endMetadata()
                            .withNewSpec()
                            .addToHard(kind, Quantity.parse("0"))
                            .endSpec()
                            .build())
                    .create());
  }

  @Test
  void aQuotaIsTheReason() throws Exception {
    String namespace = "quota-" + run;
    createNamespace(namespace);
    try {
      limit(namespace, "pods");

      Ended ended = endOf(start(shell("true").namespace(namespace).podWatchTimeoutSeconds(6)));

      assertThat(ended.kind()).isEqualTo(Kind.NEVER_STARTED);
      assertThat(ended.reason()).contains("exceeded quota");
    } finally {
      deleteNamespace(namespace);
    }
  }

  @Test
  void noRoomForTheKeyMayBeOverSoon() {
    String namespace = "quota-" + run;
    createNamespace(namespace);
    try {
      limit(namespace, "count/secrets");

      assertThatThrownBy(() -> start(shell("true").namespace(namespace)))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
          .hasMessageContaining("exceeded quota");
    } finally {
      deleteNamespace(namespace);
    }
  }

  @Test
  void anInitContainerThatFailsIsTheReason() throws Exception {
    Ended ended =
        endOf(
            start(
                shell("true")
                    .customizations(
                        "{spec: {template: {spec: {initContainers: [{name: prep, image: "
                            + KubernetesService.block().build().image()
                            + ", args: [sh, -c, 'echo no network; exit 7']}]}}}}")));

    assertThat(ended.kind()).isEqualTo(Kind.NEVER_STARTED);
    assertThat(ended.reason()).isEqualTo("The init container 'prep' exited with status 7.");
    assertThat(output).containsExactly("no network");
  }

  @Test
  void aSuspendedJobIsCalledSo() throws Exception {
    Ended ended =
        endOf(
            start(
                shell("true")
                    .podWatchTimeoutSeconds(2)
                    .customizations(Map.of("spec", Map.of("suspend", true)))));

    assertThat(ended.reason()).contains("within 2 seconds").contains("The job is suspended");
  }

  @Test
  void theClusterTakesPrefectsManifest() {
    assertThat(shell("true").job(JobTemplateTest.OF_PREFECT).build().preview(request()))
        .contains("uid:", "name: \"prefect-job\"");
  }

  private static void evict(JobResources job) {
    Pod pod = job.pods().get(0);
    String name = pod.getMetadata().getName();
    Map<String, Object> eviction =
        Map.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "Eviction",
            "metadata",
            Map.of("name", name, "namespace", job.namespace()),
            "deleteOptions",
            Map.of("gracePeriodSeconds", 1));
    KubernetesService.cluster()
        .call(
            "evict it",
            api ->
                api.raw(
                    "/api/v1/namespaces/" + job.namespace() + "/pods/" + name + "/eviction",
                    "POST",
                    eviction));
  }

  @Test
  void anEvictionIsTheReason() throws Exception {
    RunningInfrastructure running = start(shell("echo ready; exec sleep 600"));
    assertThat(nextLine()).isEqualTo("ready");

    evict(resources(running));

    Ended ended = endOf(running);
    assertThat(ended.kind()).isEqualTo(Kind.KILLED);
    assertThat(ended.reason()).contains("EvictionByEvictionAPI");
  }

  @Test
  void anEvictedRunIsRestartedIfTheBlockSaysSo() throws Exception {
    RunningInfrastructure running =
        start(
            shell("echo $SHEAVE__RESTARTS $(hostname); exec sleep 600")
                .onDisruption(OnDisruption.RESTART));
    String first = nextLine();
    assertThat(first).startsWith("true wise-owl-");

    evict(resources(running));

    assertThat(nextLine()).isNotEqualTo(first).startsWith("true wise-owl-");
    assertThat(running.ended().toCompletableFuture()).isNotDone();
    running.kill(Duration.ZERO);
    assertThat(endOf(running).kind()).isEqualTo(Kind.KILLED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{spec: {template: {spec: {containers: [%s]}}}}",
        "{spec: {template: {spec: {initContainers: [%s]}}}}"
      })
  void aContainerBesideNeitherHoldsTheRunNorGivesItsCode(String change) throws Exception {
    boolean isNative = change.contains("initContainers");
    String sidecar =
        "{name: sidecar, image: "
            + KubernetesService.block().build().image()
            + (isNative ? ", restartPolicy: Always" : "")
            + ", args: [sh, -c, 'trap \"exit 9\" TERM; echo beside; while :; do sleep 0.1; done']}";
    RunningInfrastructure running =
        start(shell("echo mine; exit 3").customizations(change.formatted(sidecar)));

    assertThat(endOf(running).exitCode()).hasValue(3);
    assertThat(output).containsExactly("mine");
    running.remove();
    assertThat(resources(running).job()).isEmpty();
  }

  @Test
  void deadlinesEndARun() throws Exception {
    RunningInfrastructure clusters =
        start(shell("trap 'exit 4' TERM; while :; do sleep 0.1; done").activeDeadlineSeconds(2));
    RunningInfrastructure ours =
        shell("exec sleep 600")
            .jobWatchTimeoutSeconds(4)
            .build()
            .start(RunRequest.builder(UUID.randomUUID(), "owl", request().api()).build());
    started.add(ours);

    assertThat(endOf(clusters).kind()).isEqualTo(Kind.KILLED);
    assertThat(endOf(clusters).reason()).contains("DeadlineExceeded");
    assertThat(endOf(ours).reason()).contains("job_watch_timeout_seconds");
    assertThat(resources(ours).job()).isEmpty();
  }

  @Test
  void aJobThatIsDeletedIsGone() throws Exception {
    RunningInfrastructure running = start(shell("echo ready; exec sleep 600"));
    assertThat(nextLine()).isEqualTo("ready");

    resources(running).delete();

    assertThat(endOf(running).kind()).isIn(Kind.GONE, Kind.KILLED);
  }

  @Test
  void whoKillsWhatNeverStartedLeavesNothing() throws Exception {
    RunningInfrastructure running = start(shell("true").nodeSelector(Map.of("disk", "gold")));

    running.kill(Duration.ofMinutes(10));

    assertThat(endOf(running).kind()).isEqualTo(Kind.KILLED);
    running.remove();
    assertThat(resources(running).job()).isEmpty();
    assertThat(resources(running).pods()).isEmpty();
    assertThat(hasSecret(resources(running))).isFalse();
  }

  @Test
  void aJobIsKeptForAsLongAsTheBlockSays() throws Exception {
    KubernetesJob block = shell("true").finishedJobTtl(300).build();
    RunningInfrastructure running = block.start(request());
    endOf(running);
    JobResources resources = resources(running);
    assertThat(resources.job().orElseThrow().getSpec().getTtlSecondsAfterFinished()).isNull();

    running.remove(); // the cluster doesn't say so far that it is complete

    Job kept = resources.job().orElseThrow();
    assertThat(kept.getSpec().getTtlSecondsAfterFinished()).isEqualTo(300);
    assertThat(hasSecret(resources)).isFalse();
    assertThatThrownBy(() -> block.attach(request(), running.pid(), null))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    resources.delete();
  }

  @Test
  void aKeptJobsTimeIsOverAlsoWithAContainerBeside() throws Exception {
    RunningInfrastructure running =
        start(
            shell("exit 3")
                .finishedJobTtl(1)
                .customizations(
                    "{spec: {template: {spec: {containers: [{name: sidecar, image: "
                        + KubernetesService.block().build().image()
                        + ", args: [sleep, '600']}]}}}}"));
    endOf(running);

    running.remove();

    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (resources(running).job().isPresent()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  @Test
  void whatNeverStartedIsNotKept() throws Exception {
    RunningInfrastructure running =
        start(shell("true").nodeSelector(Map.of("disk", "gold")).finishedJobTtl(300));
    running.kill(Duration.ZERO);
    endOf(running);

    running.remove();

    assertThat(resources(running).job()).isEmpty();
  }

  @Test
  void aLongLineIsOneLine() throws Exception {
    endOf(start(shell("head -c 50000 /dev/zero | tr '\\0' x; echo; echo next")));

    assertThat(output).containsExactly("x".repeat(50_000), "next");
  }

  @Test
  void anEndIsSeenWithoutOutput() throws Exception {
    RunningInfrastructure running = start(shell("echo unseen; exit 3").streamOutput(false));

    assertThat(endOf(running).exitCode()).hasValue(3);
    assertThat(output).isEmpty();
  }

  @Test
  void aNameThatAStrangerHasIsAConflict() {
    RunningInfrastructure running = start(shell("exec sleep 600"));
    resources(running)
        .patch(Map.of("metadata", Map.of("labels", Map.of(RunRequest.ATTEMPT_LABEL, "77"))));

    assertThatThrownBy(() -> start(shell("true")))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT))
        .hasMessageContaining(resources(running).name());
  }

  @Test
  void anAddressThatPodsCannotReachIsRefusedWithWhatToDo() {
    for (String url : List.of("jdbc:sqlite:/home/marvin/sheave.db", "http://localhost:4200/api")) {
      assertThatThrownBy(() -> shell("true").build().start(request(url)))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
          .hasMessageContaining("SHEAVE_API_URL");
    }
  }

  @Test
  void podsReachThisMachineIfItIsTheirNode() {
    KubernetesJob shared =
        shell("true")
            .customizations(
                List.of(
                    Map.of("op", "add", "path", "/spec/template/spec/hostNetwork", "value", true)))
            .build();

    assertThat(shared.network()).contains(new RunNetwork("127.0.0.1", "127.0.0.1"));
    assertThat(shell("true").build().network().orElseThrow().listenAt()).startsWith("10.244.");
  }

  @Test
  void aClusterThatIsNotThereIsSaid() {
    KubernetesClusterConfig away =
        KubeConfig.parse(
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {token: wJalrXUtnFEMI}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """,
            "of this test",
            null);

    assertThatThrownBy(() -> shell("true").clusterConfig(away).build().start(request()))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("https://127.0.0.1:1");
    assertThatThrownBy(() -> KubeConfig.parse("contexts: []", "of this test", "y"))
        .hasMessageContaining("no context 'y'");
    KubernetesClusterConfig without =
        KubernetesClusterConfig.builder().config(SecretMap.EMPTY).contextName("y").build();
    assertThatThrownBy(() -> shell("true").clusterConfig(without).build().start(request()))
        .hasMessageContaining("no context 'y'");
  }

  @Test
  void theRightsOfOurRoleAreEnough() throws Exception {
    String namespace = "rights-" + run;
    Cluster cluster = KubernetesService.cluster();
    createNamespace(namespace);
    try {
      cluster.call(
          "create the account",
          api -> {
            try (InputStream file = Files.newInputStream(Path.of("../deploy/rbac.yaml"))) {
              return api.load(file).inNamespace(namespace).create();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      KubernetesJob.Builder block =
          shell("cat $SHEAVE_API_KEY_FILE; exit 3")
              .clusterConfig(
                  KubernetesService.as(KubernetesService.token(namespace, "sheave-agent")))
              .namespace(namespace);

      JobResources mine =
          new JobResources(cluster, namespace, KubernetesNames.job("wise owl", run, 1));
      mine.writeSecret(Map.of(), ApiKeyFile.NAME, "of an agent that died before the job");

      RunningInfrastructure running = start(block);

      assertThat(endOf(running).exitCode()).hasValue(3);
      assertThat(output).containsExactly("the key");
      assertThat(secret(mine).orElseThrow().getOwnerReferences())
          .extracting(OwnerReference::getUid)
          .containsExactly(mine.job().orElseThrow().getMetadata().getUid());
      assertThat(block.build().network()).isEmpty();
      block.build().check();
      running.remove();
      assertThatThrownBy(() -> block.build().attach(request(), running.pid(), null))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
      assertThatThrownBy(() -> block.namespace("default").build().start(request()))
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED));
    } finally {
      deleteNamespace(namespace);
    }
  }

  @Test
  void aPlugInForCredentialsIsAsked(@TempDir Path folder) throws Exception {
    Path credential = folder.resolve("credential.json");
    Files.writeString(
        credential,
        JsonText.write(
            Map.of(
                "apiVersion",
                "client.authentication.k8s.io/v1",
                "kind",
                "ExecCredential",
                "status",
                Map.of(
                    "clientCertificateData", KubernetesService.ofUser("client-certificate-data"),
                    "clientKeyData", KubernetesService.ofUser("client-key-data")))));
    KubernetesClusterConfig asked = withPlugIn("cat", credential);
    RunningInfrastructure running = start(shell("echo done").clusterConfig(asked));
    assertThat(endOf(running).exitCode()).hasValue(0);
    assertThat(output).containsExactly("done");

    KubernetesClusterConfig missing = withPlugIn("no-such-plug-in", credential);
    assertThatThrownBy(() -> shell("true").clusterConfig(missing).build().start(request()))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("no-such-plug-in");
  }

  private static KubernetesClusterConfig withPlugIn(String command, Path credential) {
    return KubernetesService.as(
        Map.of(
            "exec",
            Map.of(
                "apiVersion",
                "client.authentication.k8s.io/v1",
                "interactiveMode",
                "Never",
                "command",
                command,
                "args",
                List.of(credential.toString()))));
  }

  @Test
  void whatABlockNamesIsChecked() {
    shell("true").build().check();

    assertThatThrownBy(() -> shell("true").serviceAccountName("nobody").build().check())
        .hasMessageContaining("service account 'nobody'");
    assertThatThrownBy(
            () -> shell("true").volumes(List.of("config-map:none:/none")).build().check())
        .hasMessageContaining("config map 'none'");
    assertThatThrownBy(() -> shell("true").namespace("nowhere").build().check())
        .hasMessageContaining("nowhere");
    assertThatThrownBy(
            () -> shell("true").customizations(Map.of("spec", Map.of("colour", 1))).build().check())
        .hasMessageContaining("colour");
  }

  /** A manifest that counts how often it is read. */
  private static final class CountedManifest extends LinkedHashMap<String, @Nullable Object> {
    private static final long serialVersionUID = 1L;
    private int reads;

    CountedManifest(Map<String, @Nullable Object> manifest) {
      super(manifest);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
      reads++;
      super.forEach(action);
    }
  }

  @Test
  void theManifestOfAnAttemptIsReadOnce() {
    CountedManifest base =
        new CountedManifest(Manifests.parse(JobTemplateTest.OF_PREFECT, "'job'"));
    KubernetesJob block = shell("true").job(base).build();
    Cluster cluster = KubernetesService.cluster();
    base.reads = 0;

    JobManifest manifest = new JobManifest(block, request(), "owl", Map.of(), Map.of(), null);
    manifest.checkApi();

    assertThat(manifest.job(cluster)).isEqualTo(manifest.job(cluster));
    assertThat(manifest.namespace(cluster)).isEqualTo("default");
    assertThat(base.reads).isEqualTo(1);
  }

  @Test
  void wrongValuesAreRefusedWhenABlockIsMade() {
    assertThatThrownBy(() -> shell("true").image("Foo Bar").build())
        .hasMessageContaining("'image' must be the name of an image");
    assertThatThrownBy(() -> shell("true").cpuLimit("much").build())
        .hasMessageContaining("cpu_limit");
    assertThatThrownBy(() -> shell("true").volumes(List.of("/a:/b")).build())
        .hasMessageContaining("claim:NAME");
    assertThatThrownBy(() -> shell("true").podWatchTimeoutSeconds(0).build())
        .hasMessageContaining("pod_watch_timeout_seconds");
    assertThatThrownBy(() -> shell("true").job(Map.of("kind", "Pod")).build())
        .hasMessageContaining("apiVersion");
    assertThatThrownBy(() -> shell("true").job("- no object").build())
        .hasMessageContaining("'job'");
    assertThatThrownBy(
            () ->
                shell("true")
                    .customizations(List.of(Map.of("op", "remove", "path", "/spec/none")))
                    .build())
        .hasMessageContaining("remove /spec/none");
  }
}

package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTemplateTest {
  /** What Prefect saves unless another manifest is set. */
  static final String OF_PREFECT =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {labels: {}}
      spec:
        template:
          spec:
            parallelism: 1
            completions: 1
            restartPolicy: Never
            containers: [{name: prefect-job, env: []}]
      """;

  private static Map<String, @Nullable Object> manifest(KubernetesJob.Builder block) {
    return JobTemplate.of(block.build()).manifest();
  }

  private static Object at(Map<String, @Nullable Object> manifest, String path) {
    Object value = manifest;
    for (String key : path.split("/", -1)) {
      value = value instanceof List<?> list ? list.get(0) : value;
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return String.valueOf(value);
  }

  @ParameterizedTest
  @CsvSource({
    "resources/limits/cpu,1",
    "image,other:1",
    "imagePullPolicy,Never",
    "args/0,false",
    "env/0/value,hi"
  })
  void customizationsChangeWhatFieldsSet(String path, String value) {
    String pointer = "/spec/template/spec/containers/0/" + path;
    Map<String, @Nullable Object> manifest =
        manifest(
            KubernetesJob.builder()
                .image("own:1")
                .imagePullPolicy(ImagePullPolicy.ALWAYS)
                .cpuLimit("2")
                .command(List.of("true"))
                .env(Map.of("GREETING", "hello"))
                .customizations(
                    List.of(
                        Map.of("op", "replace", "path", pointer, "value", value),
                        Map.of("op", "test", "path", pointer, "value", value))));

    assertThat(manifest.toString()).contains(value);
  }

  @Test
  void theFieldsThatPrefectMisplacesAreTheJobs() {
    Map<String, @Nullable Object> manifest = manifest(KubernetesJob.builder().job(OF_PREFECT));

    assertThat(at(manifest, "spec/parallelism")).isEqualTo("1");
    assertThat(at(manifest, "spec/completions")).isEqualTo("1");
    assertThat(at(manifest, "spec/template/spec").toString())
        .doesNotContain("parallelism", "completions");
    assertThat(
            at(
                manifest(
                    KubernetesJob.builder()
                        .job(OF_PREFECT)
                        .customizations(Map.of("spec", Map.of("parallelism", 2)))),
                "spec/parallelism"))
        .isEqualTo("2");
  }

  private static void assertRefused(Consumer<KubernetesJob.Builder> change, String... words) {
    KubernetesJob.Builder block = KubernetesJob.builder();
    change.accept(block);
    assertThatThrownBy(block::build)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContainingAll(words);
  }

  @Test
  void theContainerOfTheRunMustStay() {
    assertRefused(
        block ->
            block.customizations(
                """
                - {op: replace, path: /spec/template/spec/containers/0/name, value: other}
                """),
        "'flow-run'");
  }

  @Test
  void oneVolumeHasAPath() {
    assertRefused(
        block -> block.volumes(List.of("secret:a:/x", "claim:c:/y", "config-map:b:/x/")),
        "'secret:a:/x'",
        "'config-map:b:/x/'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/sheave", "/etc/sheave/", "/etc/./sheave", "/etc/ssl/../sheave"})
  void aMountThatTakesTheKeysPlaceIsRefused(String path) {
    String reason = "can't mount anything at '" + path + "', because the run's API key is at";
    assertThatThrownBy(KubernetesJob.builder().volumes(List.of("secret:a:" + path))::build)
        .hasMessage("'volumes' " + reason + " '/etc/sheave/api-key'; choose another path.");
    assertRefused(
        block ->
            block.customizations(
                List.of(
                    Map.of(
                        "op",
                        "add",
                        "path",
                        "/spec/template/spec/containers/0/volumeMounts/-",
                        "value",
                        Map.of("name", "mine", "mountPath", path)))),
        "'volumeMounts' " + reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret:a:/etc", "config-map:b:/etc/", "claim:c:/etc:ro"})
  void aMountInWhichTheKeysFolderCannotBeMadeIsRefused(String volume) {
    assertThatThrownBy(KubernetesJob.builder().volumes(List.of(volume))::build)
        .hasMessageStartingWith("'volumes' can't mount anything at '/etc");
  }

  @Test
  void aMountBesideTheKeyIsTaken() {
    KubernetesJob block =
        KubernetesJob.builder()
            .volumes(List.of("secret:a:/etc/sheave/certs", "claim:c:/etc"))
            .build();
    assertThat(block.volumes()).hasSize(2);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(
            KubernetesJob.builder()
                    .image("Foo Bar")
                    .namespace(" ")
                    .cpuLimit("much")
                    .memoryRequest("more")
                    .labels(Map.of("job-name", "x"))
                    .volumes(List.of("/a:/b", "secret:a:/etc/sheave"))
                    .podWatchTimeoutSeconds(0)
                    .finishedJobTtl(-1)
                    .job("- no object")
                ::build)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e ->
                assertThat(e.problems())
                    .extracting(SheaveException.Problem::path)
                    .containsExactly(
                        "image",
                        "namespace",
                        "cpu_limit",
                        "memory_request",
                        "labels",
                        "volumes",
                        "volumes",
                        "pod_watch_timeout_seconds",
                        "finished_job_ttl",
                        "job"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"job-name", "batch.kubernetes.io/job-name", "controller-uid"})
  void labelsOfTheClusterAreRefused(String label) {
    assertRefused(block -> block.labels(Map.of(label, "foo")), "'labels'", "'" + label + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Foo Bar", "-a"})
  void aNamespaceIsAName(String name) {
    assertRefused(block -> block.namespace(name), "'namespace'", "'" + name + "'");
  }
}

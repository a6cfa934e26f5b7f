package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sheave.internal.Json;
import dev.sheave.internal.Yaml;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON schema that editors check deployment files by says what reading them does. */
class DeploymentSchemaTest {
  private static final String FILE =
      """
      ###
      ### A complete description of a Sheave Deployment for flow 'log-flow'
      ###
      name: log-flow-s3
      description: null
      version: 450637a8874a5dd3a81039a89e90c915
      # The work queue that will handle this deployment's runs
      work_queue_name: test
      work_pool_name: null
      tags: []
      parameters:
        name: Marvin
      schedule: null
      is_schedule_active: null
      infra_overrides:
        env.LOGGING_LEVEL: DEBUG
      infrastructure:
        type: process
        env: {}
        block_type_slug: process
        _block_type_slug: process

      ###
      ### DO NOT EDIT BELOW THIS LINE
      ###
      flow_name: log-flow
      manifest_path: null
      storage:
        bucket_path: bucket-full-of-sunshine/flows/log-test
        aws_secret_access_key: '**********'
        _block_document_id: 0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0
        _block_document_name: log-test
        _is_anonymous: false
        block_type_slug: s3
        _block_type_slug: s3
      path: log-flow-directory
      entrypoint: LogFlow.java:logFlow
      parameter_openapi_schema:
        title: Parameters
        type: object
      timestamp: '2023-06-08T16:10:48.974642+00:00'
      """;

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(Deployments.fileSchema());

  private Iterable<?> errorsOf(String yaml) {
    return schema.validate(Json.write(Yaml.parse(yaml, "it").value()), InputFormat.JSON);
  }

  @Test
  void itHasTheKeysThatAreRead() {
    Object properties = Json.parseObject(Deployments.fileSchema(), "schema").get("properties");

    assertThat(properties)
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsOnlyKeys(DeploymentReader.KEYS.toArray(String[]::new));
  }

  @Test
  void itAcceptsWhatTheReferenceWrites() {
    assertThat(errorsOf(FILE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{cron: 0 1 * * *, timezone: Europe/Berlin, day_or: true}",
        "{interval: 600.0, anchor_date: '2026-01-01T00:00:00+00:00', timezone: UTC}",
        "{rrule: FREQ=DAILY, timezone: null}"
      })
  void itAcceptsSchedules(String schedule) {
    assertThat(errorsOf(FILE.replace("schedule: null", "schedule: " + schedule))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tags: [] -> tags: one",
        "tags: [] -> tags: [[1]]",
        "work_queue_name: -> work_queue:",
        "name: log-flow-s3 -> name: log/flow",
        "is_schedule_active: null -> is_schedule_active: maybe",
        "schedule: null -> schedule: {timezone: UTC}",
        "schedule: null -> schedule: {interval: 0}",
        "entrypoint: LogFlow.java:logFlow -> entrypoint: LogFlow.java",
        "block_type_slug: process -> typ: process",
        "flow_name: log-flow -> # nothing"
      })
  void itRefusesWhatReadingRefuses(String edit) {
    String[] sides = edit.split(" -> ", -1);
    String edited =
        sides[0].equals("name: log-flow-s3")
            ? FILE.replaceFirst("(?m)^name: log-flow-s3", sides[1])
            : FILE.replace(sides[0], sides[1]);
    assertThat(edited).isNotEqualTo(FILE);

    assertThat(errorsOf(edited)).isNotEmpty();
  }
}

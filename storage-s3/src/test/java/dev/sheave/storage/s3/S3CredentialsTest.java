package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to keys that users of AWS have, to the real server of the tests. */
class S3CredentialsTest {
  private static final int LONGEST_SECONDS = 60;

  @TempDir Path folder;

  private String id;
  private String secret;
  private FakeAws aws;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() throws IOException {
    S3 block = S3Service.block().build();
    id = block.awsAccessKeyId().orElseThrow().reveal();
    secret = block.awsSecretAccessKey().orElseThrow().reveal();
    aws = new FakeAws(id, secret);
    environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("credentials").toString());
    environment.put("AWS_CONFIG_FILE", folder.resolve("config").toString());
    environment.put("AWS_ENDPOINT_URL_STS", aws.address());
    // without a region the SDK asks for roles at an address of AWS that can't be set
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void keysWithASessionToken() {
    S3 storage = S3Service.block().awsSessionToken(Secret.of("a-token")).build();

    storage.writePath("greeting", "Hello".getBytes(UTF_8));

    assertThat(storage.readPath("greeting")).asString(UTF_8).isEqualTo("Hello");
  }

  @Test
  void keysOfTheEnvironment() throws Exception {
    environment.put("AWS_ACCESS_KEY_ID", id);
    environment.put("AWS_SECRET_ACCESS_KEY", secret);
    environment.put("AWS_SESSION_TOKEN", "a-token");

    assertThat(use()).isEqualTo("Hello");
  }

  @Test
  void keysOfAProfile() throws Exception {
    profiles("[someone]", "aws_access_key_id = " + id, "aws_secret_access_key = " + secret);

    assertThat(use("someone")).isEqualTo("Hello");

    environment.put("AWS_PROFILE", "someone");
    assertThat(use()).isEqualTo("Hello");
  }

  @Test
  void aProfileWhoseRoleIsAssumedWithTheKeysOfAnother() throws Exception {
    profiles(
        "[someone]",
        "aws_access_key_id = " + id,
        "aws_secret_access_key = " + secret,
        "[flows]",
        "role_arn = " + FakeAws.ROLE,
        "source_profile = someone");

    assertThat(use("flows")).isEqualTo("Hello");
    assertThat(aws.asked()).containsExactly("AssumeRole " + FakeAws.ROLE);
  }

  @Test
  void aProfileWithAWebIdentity() throws Exception {
    profiles(
        "[flows]",
        "role_arn = " + FakeAws.ROLE,
        "web_identity_token_file = " + webIdentity(FakeAws.WEB_IDENTITY));

    assertThat(use("flows")).isEqualTo("Hello");
    assertThat(aws.asked()).containsExactly("AssumeRoleWithWebIdentity " + FakeAws.ROLE);
  }

  @Test
  void theServiceForRolesIsWhereTheProfileSays() throws Exception {
    environment.remove("AWS_ENDPOINT_URL_STS");
    Files.write(
        folder.resolve("config"),
        List.of(
            "[profile flows]",
            "services = here",
            "role_arn = " + FakeAws.ROLE,
            "web_identity_token_file = " + webIdentity(FakeAws.WEB_IDENTITY),
            "[services here]",
            "sts =",
            "  endpoint_url = " + aws.address()));

    environment.put("AWS_PROFILE", "flows");
    assertThat(use()).isEqualTo("Hello");
  }

  @Test
  void theWebIdentityOfACluster() throws Exception {
    environment.put("AWS_ROLE_ARN", FakeAws.ROLE);
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", webIdentity(FakeAws.WEB_IDENTITY).toString());

    assertThat(use()).isEqualTo("Hello");
    assertThat(aws.asked()).containsExactly("AssumeRoleWithWebIdentity " + FakeAws.ROLE);
  }

  @Test
  void whatAProcessPrints() throws Exception {
    Path printed = folder.resolve("printed");
    Files.writeString(
        printed,
        "{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}"
            .formatted(id, secret));
    profiles("[flows]", "credential_process = cat " + printed);

    assertThat(use("flows")).isEqualTo("Hello");
  }

  @Test
  void theKeysOfTheContainer() throws Exception {
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.address() + "/container");

    assertThat(use()).isEqualTo("Hello");
  }

  @Test
  void theKeysOfTheMachine() throws Exception {
    environment.remove("AWS_EC2_METADATA_DISABLED");
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.address());

    assertThat(use()).isEqualTo("Hello");
  }

  @Test
  void aWebIdentityThatIsRefusedIsSaid() throws Exception {
    environment.put("AWS_ROLE_ARN", FakeAws.ROLE);
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", webIdentity("another-token").toString());

    assertThat(use())
        .startsWith("PERMISSION_DENIED 's3://")
        .contains("the web identity in AWS_WEB_IDENTITY_TOKEN_FILE gives no credentials")
        .contains("(Not authorized to perform sts:AssumeRoleWithWebIdentity)")
        .doesNotContain("another-token");
  }

  @Test
  void aRoleThatIsRefusedIsSaid() throws Exception {
    profiles(
        "[someone]",
        "aws_access_key_id = unknown",
        "aws_secret_access_key = canary-8f3a",
        "[flows]",
        "role_arn = " + FakeAws.ROLE,
        "source_profile = someone");

    assertThat(use("flows"))
        .startsWith("PERMISSION_DENIED 's3://")
        .contains("the profile_name 'flows' gives no credentials")
        .contains("(Not authorized to perform sts:AssumeRole)")
        .doesNotContain("canary");
  }

  @Test
  void aServiceForRolesThatIsDownIsSaid() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + socket.getLocalPort());
    }
    environment.put("AWS_ROLE_ARN", FakeAws.ROLE);
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", webIdentity(FakeAws.WEB_IDENTITY).toString());

    assertThat(use())
        .startsWith("UNAVAILABLE 's3://")
        .contains("AWS_WEB_IDENTITY_TOKEN_FILE gives no credentials (nothing answers there)");
  }

  @Test
  void aMachineWithoutCredentialsSaysSoWithoutDelay() throws Exception {
    environment.remove("AWS_EC2_METADATA_DISABLED");
    // takes connections, and never answers, as where the machine's address leads nowhere
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      environment.put(
          "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:" + silent.getLocalPort());

      assertThat(use())
          .matches("PERMISSION_DENIED 's3://[^:]*: no credentials were found: [^.]*\\.");
    }
    assertThat(millis).isLessThan(10_000);
  }

  private void profiles(String... lines) throws IOException {
    Files.write(folder.resolve("credentials"), List.of(lines));
  }

  private Path webIdentity(String token) throws IOException {
    return Files.writeString(folder.resolve("web-identity"), token);
  }

  private long millis;

  /** What the program prints that uses a block without keys. */
  private String use(String... profile) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CredentialsProgram.class.getName(),
                S3Service.block().build().bucketPath(),
                S3Service.block().build().endpointUrl().orElseThrow()));
    command.addAll(List.of(profile));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).as(() -> String.join("\n", lines)).hasSize(2);
    millis = Long.parseLong(lines.get(0));
    return lines.get(1);
  }
}

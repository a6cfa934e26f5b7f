package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import dev.sheave.testkit.OwnProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to keys that users of AWS have, to the real server of the tests. */
class S3CredentialsTest {
  @TempDir Path folder;

  private String id;
  private String secret;
  private FakeAws aws;
  private OwnProcess process;
  private Duration took = Duration.ZERO;
  private Map<String, String> environment;

  /** Writes and reads a file with a block without keys: what the SDK finds has to do. */
  static final class Greeting implements OwnProcess.Program {
    /** Takes the bucket path, the endpoint, and a profile if there is one. */
    @Override
    public String run(List<String> arguments) {
      S3 storage =
          S3.builder()
              .bucketPath(arguments.get(0))
              .endpointUrl(arguments.get(1))
              .profileName(arguments.size() > 2 ? arguments.get(2) : null)
              .build();
      storage.writePath("greeting", "Hello".getBytes(UTF_8));
      return new String(storage.readPath("greeting"), UTF_8);
    }
  }

  @BeforeEach
  void start() throws IOException {
    process = new OwnProcess(folder);
    environment = process.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
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
        .contains("the web identity in AWS_WEB_IDENTITY_TOKEN_FILE provides no credentials")
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
        .contains("the profile_name 'flows' provides no credentials")
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
        .contains("AWS_WEB_IDENTITY_TOKEN_FILE provides no credentials (can't connect to it)");
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
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aProfileThatSignsInWithABrowserIsSaid() throws Exception {
    Files.write(
        folder.resolve("config"),
        List.of(
            "[profile mine]",
            "sso_session = company",
            "sso_account_id = 123456789012",
            "sso_role_name = flows",
            "[sso-session company]",
            "sso_region = eu-central-1",
            "sso_start_url = https://company.awsapps.com/start"));

    assertThat(use("mine"))
        .startsWith("PERMISSION_DENIED 's3://")
        .matches("[^\n]*: the profile_name 'mine' provides no credentials \\([^\n]*\\)\\.")
        .contains("the 'sso' service module must be on the class path");
  }

  @Test
  void aContainerThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      environment.put(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:" + silent.getLocalPort());

      assertThat(use())
          .startsWith("UNAVAILABLE 's3://")
          .contains("the container's credentials endpoint provides no credentials");
    }
    assertThat(took).isLessThan(Duration.ofSeconds(30));
  }

  private void profiles(String... lines) throws IOException {
    Files.write(folder.resolve("credentials"), List.of(lines));
  }

  private Path webIdentity(String token) throws IOException {
    return Files.writeString(folder.resolve("web-identity"), token);
  }

  /** What comes of a block without keys. */
  private String use(String... profile) throws Exception {
    S3 block = S3Service.block().build();
    List<String> arguments = new ArrayList<>();
    arguments.add(block.bucketPath());
    arguments.add(block.endpointUrl().orElseThrow());
    arguments.addAll(List.of(profile));
    OwnProcess.Answer answer = process.run(Greeting.class, arguments.toArray(String[]::new));
    assertThat(answer.printed()).as("warnings of the SDK's").isEmpty();
    took = answer.took();
    return answer.text();
  }
}

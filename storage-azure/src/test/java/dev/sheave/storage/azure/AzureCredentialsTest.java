package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import dev.sheave.testkit.OwnProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to sign in with Azure: those that the real server of the tests doesn't know. */
class AzureCredentialsTest {
  @TempDir Path folder;

  private FakeAzure azure;
  private OwnProcess process;
  private Duration took = Duration.ZERO;
  private Map<String, String> environment;

  /** Reads a file with a block that has no credential: what the SDK finds has to do. */
  static final class Greeting implements OwnProcess.Program {
    /** Takes the secret of an application, if it isn't to be found. */
    @Override
    public String run(List<String> arguments) {
      Azure.Builder storage =
          Azure.builder()
              .bucketPath("container")
              .endpointUrl("https://" + FakeAzure.ACCOUNT)
              .azureStorageAnon(false);
      if (!arguments.isEmpty()) {
        storage
            .azureStorageTenantId(Secret.of("a-tenant"))
            .azureStorageClientId(Secret.of("an-application"))
            .azureStorageClientSecret(Secret.of(arguments.get(0)));
      }
      return new String(storage.build().readPath("greeting"), UTF_8);
    }
  }

  @BeforeEach
  void start() throws Exception {
    azure = new FakeAzure(folder);
    process = new OwnProcess(folder);
    process.javaOptions().addAll(azure.javaOptions());
    environment = process.environment();
    environment.keySet().removeIf(name -> name.matches("(AZURE|IDENTITY|MSI)_.*"));
  }

  @AfterEach
  void stop() throws Exception {
    azure.close();
  }

  @Test
  void theApplicationOfTheEnvironment() throws Exception {
    application(FakeAzure.CLIENT_SECRET);

    assertThat(read()).isEqualTo("Hello");
    assertThat(azure.signIns()).containsExactly("secret");
  }

  @Test
  void theFederatedIdentityOfACluster() throws Exception {
    environment.put("AZURE_TENANT_ID", "a-tenant");
    environment.put("AZURE_CLIENT_ID", "an-application");
    environment.put(
        "AZURE_FEDERATED_TOKEN_FILE",
        Files.writeString(folder.resolve("token"), FakeAzure.FEDERATED_TOKEN).toString());

    assertThat(read()).isEqualTo("Hello");
    assertThat(azure.signIns()).containsExactly("federated token");
  }

  @Test
  void theIdentityOfTheMachine() throws Exception {
    environment.putAll(azure.machineEnvironment());

    assertThat(read()).isEqualTo("Hello");
    assertThat(azure.signIns()).containsExactly("identity of the machine");
  }

  @Test
  void anApplicationThatIsRefusedIsSaid() throws Exception {
    application("canary-8f3a");

    assertThat(read())
        .isEqualTo(
            "PERMISSION_DENIED 'az://container/greeting': Azure's sign-in service rejected the credential"
                + " that was found (AADSTS7000215): check it, or set a credential.");
  }

  @Test
  void theApplicationOfTheBlock() throws Exception {
    assertThat(read(FakeAzure.CLIENT_SECRET)).isEqualTo("Hello");
    assertThat(azure.signIns()).containsExactly("secret");
  }

  @Test
  void theApplicationOfTheBlockIsToldWhatIsWrong() throws Exception {
    assertThat(read("canary-8f3a"))
        .isEqualTo(
            "PERMISSION_DENIED 'az://container/greeting': Azure's sign-in service rejected the application"
                + " (AADSTS7000215): check azure_storage_client_secret.");
  }

  @Test
  void aMachineThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      environment.put("IDENTITY_ENDPOINT", "http://127.0.0.1:" + silent.getLocalPort() + "/token");
      environment.put("IDENTITY_HEADER", "a-header");

      assertThat(read())
          .startsWith("PERMISSION_DENIED 'az://container/greeting': no credential was found");
    }
    assertThat(took).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aMachineWithoutCredentialsSaysSoWithoutDelay() throws Exception {
    assertThat(read())
        .startsWith(
            "PERMISSION_DENIED 'az://container/greeting': no credential was found: sign in");
    assertThat(took).isLessThan(Duration.ofSeconds(20));
  }

  private void application(String secret) {
    environment.put("AZURE_TENANT_ID", "a-tenant");
    environment.put("AZURE_CLIENT_ID", "an-application");
    environment.put("AZURE_CLIENT_SECRET", secret);
  }

  /** What comes of a block without a credential, or with an application's secret. */
  private String read(String... secret) throws Exception {
    OwnProcess.Answer answer = process.run(Greeting.class, secret);
    assertThat(answer.text() + answer.trace() + answer.printed()).doesNotContain("canary");
    took = answer.took();
    return answer.text();
  }
}

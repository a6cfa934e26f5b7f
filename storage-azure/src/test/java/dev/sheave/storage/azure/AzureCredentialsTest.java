package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.testkit.OwnProcess;
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
    @Override
    public String run(List<String> arguments) {
      Azure storage =
          Azure.builder()
              .bucketPath("container")
              .endpointUrl("https://" + FakeAzure.ACCOUNT)
              .azureStorageAnon(false)
              .build();
      return new String(storage.readPath("greeting"), UTF_8);
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
        .startsWith("PERMISSION_DENIED 'az://container/greeting': ")
        .doesNotContain("canary");
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

  /** What comes of a block without a credential. */
  private String read() throws Exception {
    OwnProcess.Answer answer = process.run(Greeting.class);
    took = answer.took();
    return answer.text();
  }
}

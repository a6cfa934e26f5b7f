package dev.sheave.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The ways to sign in with Azure: those that the real server of the tests doesn't know. */
class AzureCredentialsTest {
  private static final int LONGEST_SECONDS = 60;

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private FakeAzure azure;
  private long millis;

  @BeforeEach
  void start() throws Exception {
    azure = new FakeAzure(folder);
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
    assertThat(millis).isLessThan(20_000);
  }

  private void application(String secret) {
    environment.put("AZURE_TENANT_ID", "a-tenant");
    environment.put("AZURE_CLIENT_ID", "an-application");
    environment.put("AZURE_CLIENT_SECRET", secret);
  }

  /** What the program prints that uses a block without a credential. */
  private String read() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dslf4j.internal.verbosity=ERROR"));
    command.addAll(azure.javaOptions());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CredentialsProgram.class.getName()));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(AZURE|IDENTITY|MSI)_.*"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isZero();
    millis = Long.parseLong(lines.get(lines.size() - 2));
    return lines.get(lines.size() - 1);
  }
}

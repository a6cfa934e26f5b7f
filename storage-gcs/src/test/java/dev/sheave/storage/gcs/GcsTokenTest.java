package dev.sheave.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.testkit.storage.HostileServer;
import dev.sheave.testkit.storage.Refusal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A token goes to the server that it was given for. */
class GcsTokenTest {
  @Test
  void whereTheServerRedirectsNothingIsSent() throws Exception {
    List<String> elsewhere = new CopyOnWriteArrayList<>();
    try (HostileServer other =
            new HostileServer(
                (request, out) -> {
                  elsewhere.add(request);
                  HostileServer.whole("401 Unauthorized", "").write(request, out);
                });
        HostileServer server =
            new HostileServer(
                (request, out) -> {
                  if (request.startsWith("POST /token")) {
                    HostileServer.whole(
                            "200 OK\r\nContent-Type: application/json",
                            "{\"access_token\": \"canary8f3a\", \"token_type\": \"Bearer\","
                                + " \"expires_in\": 3600}")
                        .write(request, out);
                  } else {
                    out.write(
                        ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                                + other.url()
                                + "/x\r\n\r\n")
                            .getBytes(UTF_8));
                  }
                })) {
      GCS storage =
          GCS.builder()
              .bucketPath("bucket")
              .endpointUrl(server.url())
              .serviceAccountInfo(Secret.of(FakeGoogle.serviceAccount(server.url() + "/token")))
              .build();
      Refusal.of(() -> storage.readPath("a"), Code.INTERNAL, "gcs://bucket/a").says("302");
      Refusal.of(() -> storage.writePath("a", new byte[1]), Code.INTERNAL, "302");
      assertThat(elsewhere).isEmpty();
    }
  }
}

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Waits until an S3 server answers signed requests, and makes its bucket if there is none.
 *
 * <p>Arguments: the most seconds to wait, and the server's process id, to give up at once when it
 * is gone. Standard input: the lines of {@code bin/services env s3}. Uses nothing but the JDK.
 */
final class MakeBucket {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI bucket;
  private final String key;
  private final String secret;

  private MakeBucket(Map<String, String> env) {
    bucket = URI.create(env.get("S3_ENDPOINT") + "/" + env.get("S3_BUCKET"));
    key = env.get("S3_ACCESS_KEY_ID");
    secret = env.get("S3_SECRET_ACCESS_KEY");
  }

  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[0])).toNanos();
    long server = Long.parseLong(args[1]);
    Map<String, String> env = new HashMap<>();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      in.lines().map(line -> line.split("=", 2)).forEach(pair -> env.put(pair[0], pair[1]));
    }
    MakeBucket bucket = new MakeBucket(env);
    String last = "no answer";
    while (System.nanoTime() < end) {
      if (ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty()) {
        System.err.println("the S3 server ended");
        System.exit(1);
      }
      try {
        int status = bucket.send("HEAD");
        if (status == 404) {
          status = bucket.send("PUT");
        }
        if (status == 200) {
          return;
        }
        last = "HTTP status " + status;
      } catch (IOException e) {
        last = e.toString();
      }
      Thread.sleep(50);
    }
    System.err.println("the S3 server did not answer in time: " + last);
    System.exit(1);
  }

  private int send(String method)
      throws IOException, InterruptedException, GeneralSecurityException {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .format(ZonedDateTime.now(ZoneOffset.UTC));
    String date = time.substring(0, 8);
    String hash = sha256("");
    String signed = "host;x-amz-content-sha256;x-amz-date";
    String canonical =
        String.join(
            "\n",
            method,
            bucket.getRawPath(),
            "",
            "host:" + bucket.getAuthority(),
            "x-amz-content-sha256:" + hash,
            "x-amz-date:" + time,
            "",
            signed,
            hash);
    String scope = date + "/us-east-1/s3/aws4_request";
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(canonical));
    byte[] signer = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {date, "us-east-1", "s3", "aws4_request"}) {
      signer = hmac(signer, part);
    }
    String authorization =
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(key, scope, signed, HexFormat.of().formatHex(hmac(signer, toSign)));
    HttpRequest request =
        HttpRequest.newBuilder(bucket)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(10))
            .header("x-amz-content-sha256", hash)
            .header("x-amz-date", time)
            .header("Authorization", authorization)
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static String sha256(String text) throws GeneralSecurityException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.sheave.storage.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static Proxies of(String... variables) {
    return of(Map.of(), variables);
  }

  private static Proxies of(Map<String, String> properties, String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return new Proxies(environment, properties::get);
  }

  /** Where a request goes: a proxy, or "direct". */
  private static String way(Proxies proxies, String url) {
    return proxies.of(URI.create(url)).map(ProxyServer::address).orElse("direct");
  }

  @Test
  void withoutVariablesEveryServerIsReachedDirectly() {
    assertThat(way(of(), "https://example.com/x")).isEqualTo("direct");
  }

  @Test
  void eachSchemeHasItsProxy() {
    Proxies proxies = of("HTTPS_PROXY", "http://one:1", "HTTP_PROXY", "http://two:2");
    assertThat(way(proxies, "https://example.com")).isEqualTo("one:1");
    assertThat(way(proxies, "http://example.com")).isEqualTo("two:2");
  }

  @Test
  void lowerCaseTakesPrecedenceAndAnEmptyVariableMeansNone() {
    assertThat(way(of("https_proxy", "one:1", "HTTPS_PROXY", "two:2"), "https://example.com"))
        .isEqualTo("one:1");
    assertThat(way(of("https_proxy", "", "HTTPS_PROXY", "two:2"), "https://example.com"))
        .isEqualTo("direct");
  }

  @Test
  void allProxyIsForBothUnlessItIsOfSocks() {
    assertThat(way(of("ALL_PROXY", "one:1"), "https://example.com")).isEqualTo("one:1");
    assertThat(way(of("all_proxy", "one:1", "HTTP_PROXY", "two:2"), "http://example.com"))
        .isEqualTo("two:2");
    assertThat(way(of("ALL_PROXY", "socks5h://one:1"), "https://example.com")).isEqualTo("direct");
  }

  @Test
  void aCgiProgramTakesNoProxyFromARequestsHeader() {
    assertThat(way(of("REQUEST_METHOD", "GET", "HTTP_PROXY", "evil:1"), "http://example.com"))
        .isEqualTo("direct");
    assertThat(way(of("REQUEST_METHOD", "GET", "http_proxy", "own:1"), "http://example.com"))
        .isEqualTo("own:1");
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example.com:3128,proxy.example.com:3128",
    "http://proxy.example.com:3128/,proxy.example.com:3128",
    "HTTP://proxy.example.com,proxy.example.com:1080",
    "proxy.example.com,proxy.example.com:1080",
    "10.0.0.1:3128,10.0.0.1:3128",
    "http://[::1]:3128,[::1]:3128",
    "http://marvin:p%40ss@proxy:3128,proxy:3128",
  })
  void aProxyIsWrittenAsForCurl(String value, String address) {
    assertThat(way(of("HTTPS_PROXY", value), "https://example.com")).isEqualTo(address);
  }

  @Test
  void aLoginIsDecodedAndGoesToItsProxyAlone() {
    Proxies proxies = of("https_proxy", "http://mar%3Avin:p%40s+s%2F@proxy:3128");
    PasswordAuthentication login = proxies.login("proxy", 3128).orElseThrow();
    assertThat(login.getUserName()).isEqualTo("mar:vin");
    assertThat(login.getPassword()).isEqualTo("p@s+s/".toCharArray());
    assertThat(proxies.login("proxy", 3129)).isEmpty();
    assertThat(proxies.login("example.com", 443)).isEmpty();
    assertThat(proxies.of(URI.create("https://example.com")).orElseThrow().toString())
        .doesNotContain("p@s+s/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://canary8f3a@proxy:1",
        "https://me:canary8f3a@proxy:1",
        "http://",
        "http://proxy:0x",
        "http://me:canary8f3a@pro xy",
        "http://me:%zzcanary8f3a@proxy",
        "http://proxy/path"
      })
  void aVariableThatIsNotValidIsNamedAndNotShown(String value) {
    assertThatThrownBy(() -> of("https_proxy", value))
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> assertThat(e.code()).isEqualTo(SheaveException.Code.INVALID))
        .hasMessageContaining("HTTPS_PROXY isn't valid: it must be http://HOST:PORT")
        .hasMessageNotContaining("canary8f3a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|https://example.com|direct",
        "example.com|https://example.com|direct",
        "example.com|https://EXAMPLE.com.|direct",
        "EXAMPLE.COM|https://a.b.example.com|direct",
        "example.com|https://notexample.com|proxy:1",
        "example.com|https://example.com.evil.org|proxy:1",
        ".example.com|https://example.com|direct",
        ".example.com|https://a.example.com|direct",
        "*.example.com|https://a.example.com|direct",
        "one.org, example.com|https://example.com|direct",
        "one.org example.com|https://example.com|direct",
        "example.com:8443|https://example.com:8443|direct",
        "example.com:8443|https://example.com|proxy:1",
        "example.com:443|https://example.com|direct",
        "example.com:80|http://example.com|direct",
        "10.1.2.3|https://10.1.2.3|direct",
        "10.1.2.3:9000|http://10.1.2.3:9000|direct",
        "10.0.0.0/8|https://10.200.1.2|direct",
        "10.0.0.0/8|https://11.0.0.1|proxy:1",
        "192.168.1.128/25|https://192.168.1.200|direct",
        "192.168.1.128/25|https://192.168.1.100|proxy:1",
        "0.0.0.0/0|https://8.8.8.8|direct",
        "10.0.0.0/33|https://10.0.0.1|proxy:1",
        "10.0.0.0/8|https://10.example.com|proxy:1",
        "::1|https://[::1]|direct",
        "[::1]:9000|https://[::1]:9000|direct",
        "fd00::/8|https://[fd12::1]|direct",
        "fd00::/8|https://[fe00::1]|proxy:1",
        "1|https://10.0.0.1|proxy:1",
        ",,|https://example.com|proxy:1",
        ".|https://example.com|proxy:1",
        "localhost|http://127.0.0.1:9000|proxy:1",
        "localhost,127.0.0.1|http://127.0.0.1:9000|direct",
      })
  void noProxyNamesServersThatAreReachedDirectly(String noProxy, String url, String way) {
    assertThat(way(of("ALL_PROXY", "proxy:1", "NO_PROXY", noProxy), url)).isEqualTo(way);
    assertThat(way(of("ALL_PROXY", "proxy:1", "no_proxy", noProxy), url)).isEqualTo(way);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://169.254.170.2/v2",
        "http://[fd00:ec2::254]/latest",
        "http://metadata.google.internal/computeMetadata"
      })
  void theMetadataServerOfACloudMachineIsReachedDirectly(String url) {
    assertThat(way(of("ALL_PROXY", "proxy:1"), url)).isEqualTo("direct");
  }

  @Test
  void javasOwnProxyTakesPrecedence() {
    Map<String, String> properties = Map.of("https.proxyHost", "jvm", "https.proxyPort", "8");
    // the selector of this process knows no proxy: as if Java's excluded the server
    assertThat(way(of(properties, "HTTPS_PROXY", "proxy:1"), "https://example.com"))
        .isEqualTo("direct");
    assertThat(way(of(properties, "HTTP_PROXY", "proxy:1"), "http://example.com"))
        .isEqualTo("proxy:1");
  }
}

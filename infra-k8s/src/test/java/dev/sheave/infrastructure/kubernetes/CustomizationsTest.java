package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes to manifests; each case is in one of the documents that define them. */
class CustomizationsTest {

  private static Object json(String text) {
    return Objects.requireNonNull(
        JsonText.parseObject("{\"value\":" + text + "}", "the test").get("value"));
  }

  private static String apply(String manifest, String changes) {
    return JsonText.write(
        Customizations.apply(JsonText.parseObject(manifest, "the test"), json(changes)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":1}             | [{"op":"add","path":"/b","value":2}]                       | {"a":1,"b":2}
          {}                  | [{"op":"add","path":"/a/b/c","value":2}]                   | {"a":{"b":{"c":2}}}
          {}                  | [{"op":"add","path":"/a/-","value":2}]                     | {"a":[2]}
          {"a":[1,3]}         | [{"op":"add","path":"/a/1","value":2}]                     | {"a":[1,2,3]}
          {"a":[1,3]}         | [{"op":"add","path":"/a/-","value":4}]                     | {"a":[1,3,4]}
          {"a":[{"b":1}]}     | [{"op":"replace","path":"/a/0/b","value":2}]               | {"a":[{"b":2}]}
          {"a":1,"b":2}       | [{"op":"remove","path":"/a"}]                              | {"b":2}
          {"a":{"b":1}}       | [{"op":"move","from":"/a/b","path":"/c"}]                  | {"a":{},"c":1}
          {"a":{"b":1}}       | [{"op":"copy","from":"/a","path":"/c"}]                    | {"a":{"b":1},"c":{"b":1}}
          {"a":1}             | [{"op":"test","path":"/a","value":1}]                      | {"a":1}
          {}                  | [{"op":"add","path":"/x.dev~1y/~0","value":1}]             | {"x.dev/y":{"~":1}}
          {"a":{"b":1,"c":2}} | [{"merge":{"a":{"b":null,"d":3}}}]                         | {"a":{"c":2,"d":3}}
          {"a":[1]}           | [{"merge":{"a":[2]}}]                                      | {"a":[2]}
          {"env":[{"name":"A","value":"1"}]} | {"env":[{"name":"B","value":"2"}]}          | {"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}
          {"env":[{"name":"A","value":"1"}]} | {"env":[{"name":"A","value":"2"}]}          | {"env":[{"name":"A","value":"2"}]}
          {"env":[{"name":"A"}]}             | {"env":[{"name":"A","$patch":"delete"}]}    | {"env":[]}
          {"env":[{"name":"A"}]}             | {"env":[{"$patch":"replace"},{"name":"B"}]} | {"env":[{"name":"B"}]}
          {"args":["a"]}                     | [{"strategic":{"args":["b"]}}]              | {"args":["b"]}
          """)
  void eachKindOfChangeIsApplied(String manifest, String changes, String result) {
    assertThat(apply(manifest, changes)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{"op":"replace","path":"/b","value":2}]  | nothing to replace
          [{"op":"remove","path":"/b"}]             | nothing to remove
          [{"op":"remove","path":"/b/c"}]           | there is no 'b'
          [{"op":"add","path":"b","value":2}]       | must start with a slash
          [{"op":"add","path":"/a/b","value":2}]    | its parent isn't an object
          [{"op":"test","path":"/a","value":2}]     | the value is 1
          [{"op":"put","path":"/a","value":2}]      | no such operation
          [{"path":"/a","value":2}]                 | must have an 'op'
          {"env":[{"value":"2"}]}                   | has no 'name'
          """)
  void aChangeThatDoesNotApplyIsSaid(String changes, String message) {
    assertThatThrownBy(() -> apply("{\"a\":1}", changes))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining(message)
        .hasMessageContaining("'customizations'");
  }
}

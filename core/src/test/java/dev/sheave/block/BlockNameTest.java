package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"log-test", "a", "0", "-", "--", "my-block-2"})
  void lowercaseLettersNumbersAndDashesAreFine(String name) {
    assertThat(BlockName.check(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "My_Block, my-block",
    "my_block, my-block",
    "my.block, my-block",
    "my block, my-block",
    "a/block, a-block",
    "'a\\block', a-block",
    "'a\n', a",
    "my%block, my-block",
    "Été Block, ete-block",
    "block😀, block",
    "a|b, a-b"
  })
  void othersAreRefusedWithANameThatWouldDo(String name, String suggestion) {
    assertThatThrownBy(() -> BlockName.check(name))
        .isInstanceOf(SheaveException.class)
        .hasMessageStartingWith(
            "Block document name must only contain lowercase letters, numbers, and dashes, unlike"
                + " '")
        .hasMessageEndingWith("'. Try '" + suggestion + "'.")
        .extracting("code")
        .isEqualTo(Code.INVALID);
    assertThat(BlockName.check(suggestion)).isEqualTo(suggestion);
  }

  @Test
  void aNameWithNothingToKeepGetsNoSuggestion() {
    assertThatThrownBy(() -> BlockName.check("😀"))
        .hasMessage(
            "Block document name must only contain lowercase letters, numbers, and dashes, unlike"
                + " '😀'.");
  }

  @Test
  void lineBreaksDontGetIntoTheMessage() {
    assertThatThrownBy(() -> BlockName.check("a\nb")).hasMessageContaining("'a\u240ab'");
  }

  @Test
  void emptyAndVeryLongNamesAreRefused() {
    assertThatThrownBy(() -> BlockName.check(""))
        .hasMessage("Block document name must not be empty.");
    assertThatThrownBy(() -> BlockName.check("x".repeat(300)))
        .hasMessage("Block document name must be no longer than 200 characters; this one has 300.");
    assertThat(BlockName.check("x".repeat(200))).hasSize(200);
  }

  @Test
  void slugsFollowTheSameRule() {
    assertThatThrownBy(() -> BlockName.checkSlug("My_Block"))
        .hasMessageStartingWith("Block type slug must only contain");
  }

  @ParameterizedTest
  @CsvSource({
    "S3, s3",
    "Local File System, local-file-system",
    "MyCoolBlock, mycoolblock",
    "x.y/z, x-y-z",
    "a--b, a-b",
    "JSON, json"
  })
  void namesAreMadeOfTextsAsTheReferenceMakesSlugs(String text, String slug) {
    assertThat(BlockName.suggest(text)).isEqualTo(slug);
  }

  @Test
  void aReferenceHasOneSlash() {
    assertThat(BlockReference.parse("s3/log-test")).isEqualTo(new BlockReference("s3", "log-test"));
    assertThat(new BlockReference("s3", "log-test")).hasToString("s3/log-test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"log-test", "s3/log/test", "/log-test", "s3/", "/", ""})
  void otherReferencesAreRefused(String reference) {
    assertThatThrownBy(() -> BlockReference.parse(reference))
        .hasMessage(
            "'"
                + reference
                + "' isn't a block reference; write the block's type, a slash and its name, such as"
                + " 's3/log-test'.");
  }
}

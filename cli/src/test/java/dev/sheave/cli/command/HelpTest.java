package dev.sheave.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class HelpTest {

  @TestFactory
  List<DynamicTest> everyCommandExplainsItselfAndGivesAnExample() {
    List<DynamicTest> tests = new ArrayList<>();
    collect(CommandTree.whole(), tests);
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  private static void collect(CommandLine command, List<DynamicTest> tests) {
    String name = command.getCommandSpec().qualifiedName();
    if (command.getSubcommands().isEmpty()) {
      tests.add(DynamicTest.dynamicTest(name, () -> check(command, name)));
    }
    command.getSubcommands().values().forEach(each -> collect(each, tests));
  }

  private static void check(CommandLine command, String name) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);

    assertThat(help).startsWith("Usage: " + name).containsPattern("  \\$ .*" + name);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(String.join(" ", option.description())).as(option.longestName()).endsWith(".");
    }
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      assertThat(String.join(" ", parameter.description()))
          .as(parameter.paramLabel())
          .endsWith(".");
    }
    assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(121));
  }
}

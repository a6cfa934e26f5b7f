package dev.sheave.dist;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.sheave.Stability;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.Capability;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowMethod;
import dev.sheave.internal.Backends;
import dev.sheave.internal.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The arrows of docs/architecture.md: who may know whom. */
@AnalyzeClasses(packages = "dev.sheave", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
  private static final String[] RUNTIME = {"dev.sheave.runtime.."};
  private static final String[] AGENT = {"dev.sheave.agent.."};
  private static final String[] ORCHESTRATOR = {"dev.sheave.orchestrator.."};
  private static final String[] SERVER = {"dev.sheave.server.."};
  private static final String[] CLI = {"dev.sheave.cli..", "dev.sheave.dist.."};
  private static final String[] TESTKIT = {"dev.sheave.testkit.."};

  private static final String[] BACKENDS =
      Backends.ALL.stream().map(backend -> backend.module() + "..").toArray(String[]::new);

  private static final DescribedPredicate<JavaClass> CORE =
      resideInAPackage("dev.sheave..")
          .and(
              not(
                  resideInAnyPackage(
                      all(RUNTIME, AGENT, ORCHESTRATOR, SERVER, CLI, TESTKIT, BACKENDS))))
          .as("core");

  private static String[] all(String[]... groups) {
    List<String> all = new ArrayList<>();
    for (String[] group : groups) {
      all.addAll(List.of(group));
    }
    return all.toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule core_knows_no_other_module =
      noClasses()
          .that(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(RUNTIME, AGENT, ORCHESTRATOR, SERVER, CLI, TESTKIT, BACKENDS));

  @ArchTest
  static final ArchRule runtime_knows_core_alone =
      noClasses()
          .that()
          .resideInAnyPackage(RUNTIME)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(AGENT, ORCHESTRATOR, SERVER, CLI, TESTKIT, BACKENDS));

  @ArchTest
  static final ArchRule agent_knows_core_alone =
      noClasses()
          .that()
          .resideInAnyPackage(AGENT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(RUNTIME, ORCHESTRATOR, SERVER, CLI, TESTKIT, BACKENDS));

  @ArchTest
  static final ArchRule orchestrator_knows_core_alone =
      noClasses()
          .that()
          .resideInAnyPackage(ORCHESTRATOR)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(RUNTIME, AGENT, SERVER, CLI, TESTKIT, BACKENDS));

  @ArchTest
  static final ArchRule the_server_knows_core_alone =
      noClasses()
          .that()
          .resideInAnyPackage(SERVER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(RUNTIME, AGENT, ORCHESTRATOR, CLI, TESTKIT, BACKENDS));

  @ArchTest
  static final ArchRule only_the_server_knows_what_it_is_built_on =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.eclipse.jetty..");

  @ArchTest
  static final ArchRule the_command_line_knows_no_backend_and_no_orchestrator =
      noClasses()
          .that()
          .resideInAnyPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(all(ORCHESTRATOR, TESTKIT, BACKENDS));

  @ArchTest
  static void backendsKnowCoreAlone(JavaClasses classes) {
    for (String backend : BACKENDS) {
      noClasses()
          .that()
          .resideInAPackage(backend)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(all(RUNTIME, AGENT, ORCHESTRATOR, SERVER, CLI, TESTKIT, BACKENDS))
                  .and(not(resideInAPackage(backend))))
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule backends_need_nothing_internal_of_core =
      noClasses()
          .that()
          .resideInAnyPackage(BACKENDS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.sheave..internal..");

  @ArchTest
  static final ArchRule only_the_orchestrator_contains_sql =
      noClasses()
          .that()
          .resideOutsideOfPackages(ORCHESTRATOR)
          .and() // makes an empty schema for a test
          .doNotHaveFullyQualifiedName("dev.sheave.testkit.PostgresSchema")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.jdbi..",
              "com.zaxxer..",
              "org.flywaydb..",
              "org.sqlite..",
              "org.postgresql..");

  @ArchTest
  static final ArchRule only_the_http_client_of_core_calls_the_protocol =
      noClasses()
          .that(CORE)
          .and()
          .resideOutsideOfPackage("dev.sheave.api.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..");

  /** What block types are written with, which the model of their classes reads. */
  private static final DescribedPredicate<JavaClass> WORDS_OF_BLOCKS =
      JavaClass.Predicates.belongToAnyOf(
          Block.class,
          BlockField.class,
          BlockType.class,
          Capability.class,
          Secret.class,
          SecretMap.class);

  /** What flows are, which the search for them reads. */
  private static final DescribedPredicate<JavaClass> WORDS_OF_FLOWS =
      JavaClass.Predicates.belongToAnyOf(Flow.class, FlowMethod.class);

  /** The root is left out: it holds the entrance to all, and the exception that all throw. */
  @ArchTest
  static final ArchRule packages_of_all_levels_form_no_circle =
      SlicesRuleDefinition.slices()
          .matching("dev.sheave.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(resideInAPackage("dev.sheave.block.internal"), WORDS_OF_BLOCKS)
          .ignoreDependency(resideInAPackage("dev.sheave.flow.internal"), WORDS_OF_FLOWS)
          // what all packages share holds two secrets, and would print them if they were texts
          .ignoreDependency(Settings.class, Secret.class)
          // and so would API keys
          .ignoreDependency(resideInAPackage("dev.sheave.api"), type(Secret.class));

  @ArchTest
  static final ArchRule what_is_public_has_a_mark_of_stability_or_is_internal =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .resideOutsideOfPackages(
              "dev.sheave..internal..", "dev.sheave.cli..", "dev.sheave.dist..")
          .should(
              ArchCondition.from(
                  DescribedPredicate.describe(
                      "have a mark of stability",
                      type ->
                          type.isAnnotatedWith(Stability.class)
                              || type.getPackage().isAnnotatedWith(Stability.class))));

  @ArchTest
  static final ArchRule nothing_but_applications_prints =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.sheave.cli..", "dev.sheave.dist..")
          // the process of a flow run is an application, and so is the one that tests kill
          .and()
          .doNotHaveFullyQualifiedName("dev.sheave.runtime.FlowRunMain")
          .and()
          .haveNameNotMatching(
              "dev\\.sheave\\.testkit\\.(storage|infrastructure)\\.Killed(PutContract|Process|Starter)(\\$.*)?")
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule public_signatures_are_free_of_other_peoples_types =
      classes()
          .that()
          .arePublic()
          .and()
          .resideOutsideOfPackages(
              "dev.sheave..internal..", "dev.sheave.cli..", "dev.sheave.dist..")
          .and()
          .resideOutsideOfPackages(TESTKIT)
          .and() // is there for Micrometer
          .doNotHaveFullyQualifiedName("dev.sheave.agent.AgentMeters")
          .should(showOnlyOwnTypes());

  private static ArchCondition<JavaClass> showOnlyOwnTypes() {
    return new ArchCondition<>("show only types of the JDK, of Sheave and of SLF4J") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (isSeen(unit.getModifiers())) {
            List<JavaClass> shown = new ArrayList<>(unit.getRawParameterTypes());
            shown.add(unit.getRawReturnType());
            shown.addAll(unit.getThrowsClause().getTypes().stream().toList());
            shown.forEach(other -> checkType(other, unit.getDescription(), events));
          }
        }
        for (JavaField field : type.getFields()) {
          if (isSeen(field.getModifiers())) {
            checkType(field.getRawType(), field.getDescription(), events);
          }
        }
        type.getRawSuperclass().ifPresent(parent -> checkType(parent, type.getName(), events));
      }
    };
  }

  private static boolean isSeen(Set<JavaModifier> modifiers) {
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && !modifiers.contains(JavaModifier.SYNTHETIC)
        && !modifiers.contains(JavaModifier.BRIDGE);
  }

  private static void checkType(JavaClass shown, String where, ConditionEvents events) {
    JavaClass type = shown.getBaseComponentType();
    String name = type.getPackageName();
    if (!type.isPrimitive()
        && !name.startsWith("java.")
        && !(name + ".").startsWith("javax.net.")
        && !name.startsWith("dev.sheave")
        && !name.equals("org.slf4j")) {
      events.add(SimpleConditionEvent.violated(type, where + " shows " + type.getName()));
    }
  }
}

package io.medvol.spark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the module table of the architecture against the compiled classes. */
@AnalyzeClasses(packages = "io.medvol", importOptions = ArchitectureTest.Product.class)
class ArchitectureTest {
  /** Neither test classes nor, once the modules are packaged, the jars of test classes. */
  static final class Product implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }

  private static final String DATA = "io.medvol.data..";
  private static final String REWARD = "io.medvol.reward..";
  private static final String MODEL = "io.medvol.model..";
  private static final String ROLLOUT = "io.medvol.rollout..";
  private static final String GRPO = "io.medvol.grpo..";
  private static final String SPARK = "io.medvol.spark..";

  @ArchTest
  static final ArchRule modulesSeeOnlyThoseBefore =
      com.tngtech.archunit.library.Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.medvol..")
          .withOptionalLayers(true)
          .layer("data")
          .definedBy(DATA)
          .layer("reward")
          .definedBy(REWARD)
          .layer("model")
          .definedBy(MODEL)
          .layer("rollout")
          .definedBy(ROLLOUT)
          .layer("grpo")
          .definedBy(GRPO)
          .layer("spark")
          .definedBy(SPARK)
          .whereLayer("spark")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("grpo")
          .mayOnlyBeAccessedByLayers("spark")
          .whereLayer("rollout")
          .mayOnlyBeAccessedByLayers("grpo", "spark")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("rollout", "grpo", "spark")
          .whereLayer("reward")
          .mayOnlyBeAccessedByLayers("model", "rollout", "grpo", "spark");

  @ArchTest
  static final ArchRule onlyModelsSeeDjl =
      noClasses()
          .that()
          .resideOutsideOfPackage(MODEL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlySparkJobsSeeSparkAndHadoop =
      noClasses()
          .that()
          .resideOutsideOfPackage(SPARK)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "org.apache.hadoop..",
              "scala..",
              "com.esotericsoftware..",
              "picocli..");

  @ArchTest
  static final ArchRule rewardsArePureJava =
      classes()
          .that()
          .resideInAPackage(REWARD)
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("java..")
                  .or(resideInAPackage("org.slf4j.."))
                  .or(resideInAPackage(DATA))
                  .or(resideInAPackage(REWARD)));

  @ArchTest
  static final ArchRule arrowStaysInDataPreparationAndTheFeatureCache =
      noClasses()
          .that()
          .resideOutsideOfPackage(DATA)
          .and()
          .haveNameNotMatching("io\\.medvol\\.model\\.sam2\\.FeatureFiles.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.arrow..");

  @ArchTest
  static final ArchRule packagesHaveNoCycle =
      slices().matching("io.medvol.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheCommandLinePrints =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.medvol.spark.cli")
          .should(com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}

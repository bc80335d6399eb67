package dev.assay;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.jspecify.annotations.NullMarked;

import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Keeps the rooms apart: imports point downwards, the core stays pure, and each outside library
/// stays in its room.
@AnalyzeClasses(packages = "dev.assay", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /// The rooms from the top of the house to its ground; those of one floor may use each other.
    private static final List<List<String>> FLOORS =
            List.of(
                    List.of("cli"),
                    List.of("http", "bulk", "backtest", "calibrate", "local"),
                    List.of("topology"),
                    List.of("flight", "codec", "provider"),
                    List.of("config"),
                    List.of("decide"),
                    List.of("model"));

    private static final String GENERATED = "dev.assay.avro..";

    @ArchTest
    static void classFilesOfThisJdkAreRead(JavaClasses classes) {
        assertThat(classes.contain("dev.assay.cli.AssayCommand")).isTrue();
        assertThat(classes.get("dev.assay.cli.AssayCommand").getMethods()).isNotEmpty();
    }

    @ArchTest
    static void importsPointDownwards(JavaClasses classes) {
        for (int floor = 1; floor < FLOORS.size(); floor++) {
            String[] here = packagesOf(FLOORS.subList(floor, floor + 1));
            String[] above = packagesOf(FLOORS.subList(0, floor));

            noClasses()
                    .that()
                    .resideInAnyPackage(here)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("dev.assay.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule modelNeedsOnlyTheJdk =
            classes()
                    .that()
                    .resideInAPackage("dev.assay.model..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("dev.assay.model..", "java..", "org.jspecify.annotations")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decideNeedsOnlyTheJdkAndModel =
            classes()
                    .that()
                    .resideInAPackage("dev.assay.decide..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.assay.decide..",
                            "dev.assay.model..",
                            "java..",
                            "org.jspecify.annotations")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decideHasNoClockThreadOrChance =
            noClasses()
                    .that()
                    .resideInAPackage("dev.assay.decide..")
                    .should()
                    .dependOnClassesThat(
                            are(
                                    resideInAPackage("java.util.concurrent..")
                                            .or(resideInAPackage("java.util.random.."))
                                            .or(assignableTo(Random.class))
                                            .or(assignableTo(Thread.class))
                                            .or(assignableTo(Clock.class))))
                    .orShould()
                    .callMethodWhere(
                            target(name("now")).and(target(owner(resideInAPackage("java.time..")))))
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(Math.class, "random")
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule callsInTheAirKnowNoKafka =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.assay.flight..", "dev.assay.provider..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "kafka..")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule confluentIsOnlyInCodec =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.assay.codec..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.confluent..");

    @ArchTest
    static final ArchRule kafkaInternalsAreNotUsed =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka..internals..");

    @ArchTest
    static final ArchRule loggingGoesThroughSlf4j =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.assay.cli..", GENERATED)
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            classes().that().resideOutsideOfPackage(GENERATED).should(beInANullMarkedPackage());

    private static String[] packagesOf(List<List<String>> floors) {
        return floors.stream()
                .flatMap(List::stream)
                .map(room -> "dev.assay." + room + "..")
                .toArray(String[]::new);
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                String message =
                        item.getName() + (marked ? " is" : " is not") + " in a @NullMarked package";
                events.add(new SimpleConditionEvent(item, marked, message));
            }
        };
    }
}

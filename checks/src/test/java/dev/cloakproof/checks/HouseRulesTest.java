package dev.cloakproof.checks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Arrows run one way: tensor <- diffusion, vision, portraits <- services; proto <- platform <- services
 * (docs/design.md).
 */
class HouseRulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cloakproof", "ai.djl.pytorch.jni");

    private static final String[] DOMAIN = {
        "dev.cloakproof.tensor..",
        "dev.cloakproof.diffusion..",
        "dev.cloakproof.vision..",
        "dev.cloakproof.portraits..",
        "dev.cloakproof.*.purify..",
        "dev.cloakproof.*.train..",
        "dev.cloakproof.*.protect..",
        "dev.cloakproof.*.sample..",
        "dev.cloakproof.*.evaluate.."
    };

    @Test
    void theClassesAreThere() {
        assertTrue(CLASSES.size() > 100, "found only " + CLASSES.size() + " classes to check");
    }

    @Test
    void tensorKnowsNoOtherRoom() {
        noClasses()
                .that()
                .resideInAPackage("dev.cloakproof.tensor..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.cloakproof..").and(not(resideInAnyPackage("dev.cloakproof.tensor.."))))
                .check(CLASSES);
    }

    @Test
    void diffusionKnowsOnlyTensor() {
        noClasses()
                .that()
                .resideInAPackage("dev.cloakproof.diffusion..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.cloakproof..")
                        .and(not(resideInAnyPackage("dev.cloakproof.tensor..", "dev.cloakproof.diffusion.."))))
                .check(CLASSES);
    }

    @Test
    void portraitsKnowOnlyPicturesOfTensor() {
        noClasses()
                .that()
                .resideInAPackage("dev.cloakproof.portraits..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.cloakproof..")
                        .and(not(resideInAnyPackage("dev.cloakproof.tensor.image", "dev.cloakproof.portraits.."))))
                .check(CLASSES);
    }

    @Test
    void onlyTheTensorRoomTouchesTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.cloakproof.tensor", "ai.djl..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .check(CLASSES);
    }

    @Test
    void algorithmsKnowNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage(DOMAIN)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.grpc..",
                        "io.smallrye..",
                        "io.opentelemetry..",
                        "jakarta..",
                        "org.apache.kafka..",
                        "com.google.protobuf..",
                        "dev.cloakproof.v1..",
                        "dev.cloakproof.platform..")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.cloakproof.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void librariesDoNotPrint() {
        noClasses()
                .that()
                .resideInAnyPackage(DOMAIN)
                .should(ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }
}

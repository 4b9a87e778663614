package dev.cloakproof.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room may know which: an algorithm that takes a WorkContext must not meet Kafka behind it. */
class RoomsTest {
    private static final JavaClasses PLATFORM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.cloakproof.platform");

    @Test
    void roomsKnowEachOtherOneWay() {
        String platform = "dev.cloakproof.platform.";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("errors")
                .definedBy(platform + "errors")
                .layer("work")
                .definedBy(platform + "work")
                .layer("blob")
                .definedBy(platform + "blob")
                .layer("lease")
                .definedBy(platform + "lease")
                .layer("events")
                .definedBy(platform + "events")
                .layer("limits")
                .definedBy(platform + "limits")
                .layer("security")
                .definedBy(platform + "security")
                .layer("telemetry")
                .definedBy(platform + "telemetry")
                .layer("broker")
                .definedBy(platform + "broker")
                .whereLayer("errors")
                .mayNotAccessAnyLayer()
                .whereLayer("work")
                .mayOnlyAccessLayers("errors", "blob")
                .whereLayer("blob")
                .mayOnlyAccessLayers("errors")
                .whereLayer("lease")
                .mayOnlyAccessLayers("blob", "errors")
                .whereLayer("events")
                .mayOnlyAccessLayers("errors", "work", "blob", "lease")
                .whereLayer("limits")
                .mayOnlyAccessLayers("errors")
                .whereLayer("security")
                .mayOnlyAccessLayers("errors", "blob")
                .whereLayer("telemetry")
                .mayOnlyAccessLayers("errors")
                .whereLayer("broker")
                .mayNotAccessAnyLayer()
                .check(PLATFORM);
    }

    @Test
    void kafkaStaysInEventsAndBroker() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..platform.events", "..platform.broker")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(PLATFORM);
    }

    @Test
    void messagesStayInEventsAndSecurity() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..platform.events", "..platform.security")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cloakproof.v1..", "dev.cloakproof.inference..")
                .check(PLATFORM);
    }

    @Test
    void nothingKnowsQuarkus() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..")
                .check(PLATFORM);
    }
}

package dev.cloakproof.checks.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cloakproof.service.config.KafkaConfig;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.quarkus.agroal.runtime.DataSourcesJdbcRuntimeConfig;
import io.quarkus.datasource.runtime.DataSourcesRuntimeConfig;
import io.quarkus.grpc.runtime.config.GrpcConfiguration;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings in the manifests are read by the code's own mappings, which refuse what they do not know. */
class SettingsTest {
    private static final List<Class<?>> QUARKUS = List.of(GrpcConfiguration.class, VertxHttpConfig.class);
    private static final List<Class<?>> DATABASE =
            List.of(DataSourcesRuntimeConfig.class, DataSourcesJdbcRuntimeConfig.class);
    private static final Map<String, List<Class<?>>> OURS = new ConcurrentHashMap<>();
    /** Read by others than Quarkus. */
    private static final Set<String> OTHERS = Set.of(
            "JDK_JAVA_OPTIONS", // the java command
            "SMALLRYE_CONFIG_LOCATIONS", // SmallRye Config, before there are mappings
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY", // the AWS SDK
            "PYTORCH_LIBRARY_PATH",
            "PYTORCH_VERSION",
            "PYTORCH_FLAVOR"); // DJL

    static Stream<String> folders() {
        return Kustomize.folders().stream();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everySettingIsOneOfTheCode(String folder) throws IOException {
        for (StatefulSet set : ManifestsTest.sets(folder)) {
            String service = set.getMetadata().getName();
            List<Class<?>> mappings = new ArrayList<>(ours(service));
            assertTrue(mappings.size() >= 5, "found only " + mappings);
            mappings.addAll(QUARKUS);
            Map<String, String> settings = ManifestsTest.settings(folder, set);
            for (String key : settings.keySet()) {
                assertTrue(mappings.stream().anyMatch(mapping -> key.startsWith(prefix(mapping) + ".")), key);
            }
            load(settings, ManifestsTest.environment(set), mappings); // refuses what a mapping does not know
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyVariableIsReadBySomebody(String folder) throws IOException {
        for (StatefulSet set : ManifestsTest.sets(folder)) {
            Map<String, String> settings = ManifestsTest.settings(folder, set);
            for (String variable : ManifestsTest.environment(set).keySet()) {
                assertTrue(
                        OTHERS.contains(variable)
                                || variable.startsWith("QUARKUS_DATASOURCE_")
                                || settings.containsValue("${" + variable + "}"),
                        variable);
            }
        }
    }

    @Test
    void theEvaluatorFindsItsDatabase() throws IOException {
        StatefulSet evaluator = ManifestsTest.sets("base").stream()
                .filter(set -> set.getMetadata().getName().equals("evaluator"))
                .findFirst()
                .orElseThrow();
        SmallRyeConfig config = load(Map.of(), ManifestsTest.environment(evaluator), DATABASE);
        var jdbc = config.getConfigMapping(DataSourcesJdbcRuntimeConfig.class)
                .dataSources()
                .values()
                .iterator()
                .next();
        assertEquals("of QUARKUS_DATASOURCE_JDBC_URL", jdbc.jdbc().url().orElseThrow());
        var database = config.getConfigMapping(DataSourcesRuntimeConfig.class)
                .dataSources()
                .values()
                .iterator()
                .next();
        assertEquals("of QUARKUS_DATASOURCE_USERNAME", database.username().orElseThrow());
        assertEquals("of QUARKUS_DATASOURCE_PASSWORD", database.password().orElseThrow());
    }

    @Test
    void kafkaKnowsThePropertiesOfItsClients() throws IOException {
        for (StatefulSet set : ManifestsTest.sets("components/strimzi")) {
            KafkaConfig kafka = load(
                            ManifestsTest.settings("components/strimzi", set),
                            ManifestsTest.environment(set),
                            List.of(KafkaConfig.class))
                    .getConfigMapping(KafkaConfig.class);
            assertEquals(
                    "cloakproof-kafka-bootstrap:9093", kafka.bootstrapServers().orElseThrow());
            assertEquals("SSL", kafka.properties().get("security.protocol"));
            assertEquals("of KAFKA_KEYSTORE_PASSWORD", kafka.properties().get("ssl.keystore.password"));
            assertTrue(
                    AdminClientConfig.configNames()
                            .containsAll(kafka.properties().keySet()),
                    kafka.properties().keySet().toString());
        }
    }

    /** A text for Quarkus, which refuses any other when it starts. */
    @Test
    void theTrustStoreIsOfAKindThatTheServerTakes() throws IOException {
        for (StatefulSet set : ManifestsTest.sets("components/mtls")) {
            String kind =
                    ManifestsTest.settings("components/mtls", set).get("quarkus.grpc.server.ssl.trust-store-type");
            assertTrue(Set.of("jks", "pkcs12").contains(kind), kind);
        }
    }

    private static SmallRyeConfig load(
            Map<String, String> settings, Map<String, String> environment, List<Class<?>> mappings) {
        Map<String, String> outside = new HashMap<>(environment);
        outside.putIfAbsent("QUARKUS_APPLICATION_NAME", "any");
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withDefaultValue("java.io.tmpdir", "/tmp")
                .withSources(new EnvConfigSource(outside, 300))
                .withSources(new PropertiesConfigSource(settings, "settings", 260));
        mappings.forEach(builder::withMapping);
        return builder.build();
    }

    private static String prefix(Class<?> mapping) {
        return mapping.getAnnotation(ConfigMapping.class).prefix();
    }

    /** What all services share, and what is the service's own. */
    private static List<Class<?>> ours(String service) {
        return OURS.computeIfAbsent(service, SettingsTest::found);
    }

    private static List<Class<?>> found(String service) {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.cloakproof.service.config", "dev.cloakproof." + service + ".config")
                        .stream()
                        .filter(found -> found.isAnnotatedWith(ConfigMapping.class))
                        .<Class<?>>map(found -> found.reflect())
                        .toList();
    }
}

package dev.cloakproof.checks.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.checks.deploy.CustomResources.KafkaTopic;
import dev.cloakproof.checks.deploy.CustomResources.KafkaUser;
import dev.cloakproof.checks.deploy.CustomResources.KafkaUser.Operation;
import dev.cloakproof.checks.deploy.CustomResources.KafkaUser.Pattern;
import dev.cloakproof.checks.deploy.CustomResources.ScaledObject;
import dev.cloakproof.checks.deploy.CustomResources.TriggerAuthentication;
import dev.cloakproof.platform.events.EventType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics, rights and scaling against the events of the code. */
class KafkaTest {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Map<String, EventType<?>> CONSUMED = Map.of(
            "purifier", EventType.UPLOAD_RECEIVED,
            "trainer", EventType.IMAGES_PURIFIED,
            "sampler", EventType.MODEL_TRAINED,
            "evaluator", EventType.IMAGES_SAMPLED);
    private static final Map<String, EventType<?>> PRODUCED = Map.of(
            "purifier", EventType.IMAGES_PURIFIED,
            "trainer", EventType.MODEL_TRAINED,
            "sampler", EventType.IMAGES_SAMPLED,
            "evaluator", EventType.RUN_EVALUATED);

    @ParameterizedTest
    @ValueSource(strings = {"components/strimzi", "overlays/kind", "overlays/production"})
    void everyEventAndItsDeadLettersHaveATopic(String folder) throws IOException {
        Set<String> names = new HashSet<>();
        for (KafkaTopic topic : all(folder, "KafkaTopic", KafkaTopic.class)) {
            names.add(topic.metadata().name());
            assertTrue(topic.spec().partitions() > 0 && topic.spec().replicas() > 0);
            assertTrue(Integer.parseInt(topic.spec().config().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))
                    <= topic.spec().replicas());
            assertTrue(Long.parseLong(topic.spec().config().get(TopicConfig.RETENTION_MS_CONFIG)) > 0);
            assertEquals("delete", topic.spec().config().get(TopicConfig.CLEANUP_POLICY_CONFIG));
            assertEquals(3, topic.spec().config().size());
            assertEquals("cloakproof", topic.metadata().labels().get("strimzi.io/cluster"));
        }
        assertEquals(
                EventType.ALL.stream()
                        .flatMap(type -> Stream.of(type.topic(), type.deadLetterTopic()))
                        .collect(Collectors.toSet()),
                names);
    }

    /** The stage, its failures and progress, the commands to stop, dead letters, and the groups of the consumers. */
    @ParameterizedTest
    @ValueSource(strings = {"purifier", "trainer", "sampler"})
    void aStageMayDoItsWorkAndNothingElse(String service) throws IOException {
        List<EventType<?>> heard = List.of(CONSUMED.get(service), EventType.RUN_CANCEL, EventType.SUBJECT_DELETED);
        Set<String> expected = new HashSet<>();
        heard.forEach(type -> expected.add("topic literal " + type.topic() + " Read"));
        heard.forEach(type -> expected.add("topic literal " + type.deadLetterTopic() + " Write"));
        List<EventType<?>> said =
                new ArrayList<>(List.of(PRODUCED.get(service), EventType.RUN_PROGRESS, EventType.RUN_FAILED));
        if (service.equals("purifier")) {
            said.add(EventType.UPLOAD_RECEIVED); // it takes the uploads in
        }
        if (!service.equals("sampler")) { // the others keep something of subjects beside their runs
            said.add(EventType.STORAGE_RELEASED);
            expected.add("group literal " + service + "-forgetting Read");
        }
        said.forEach(type -> expected.add("topic literal " + type.topic() + " Write"));
        expected.add("group literal " + service + " Read");
        expected.add("group prefix " + service + "-commands- Read");
        assertEquals(expected, rights("components/strimzi", "cloakproof-" + service));
    }

    /** It indexes everything, and asks for cancellation and deletion. */
    @Test
    void theEvaluatorHearsEverything() throws IOException {
        Set<String> expected = new HashSet<>();
        for (EventType<?> type : EventType.ALL) {
            expected.add("topic literal " + type.topic() + " Read");
            expected.add("topic literal " + type.deadLetterTopic() + " Write");
        }
        Stream.of(
                        EventType.RUN_EVALUATED,
                        EventType.RUN_PROGRESS,
                        EventType.RUN_FAILED,
                        EventType.RUN_CANCEL,
                        EventType.SUBJECT_DELETED)
                .forEach(type -> expected.add("topic literal " + type.topic() + " Write"));
        List.of("evaluator", "evaluator-index", "cloakproof-replay")
                .forEach(group -> expected.add("group literal " + group + " Read"));
        expected.add("group prefix evaluator-commands- Read");
        assertEquals(expected, rights("components/strimzi", "cloakproof-evaluator"));
    }

    @Test
    void theOperatorSendsDeadLettersBack() throws IOException {
        Set<String> expected = new HashSet<>();
        for (EventType<?> type : EventType.ALL) {
            expected.add("topic literal " + type.topic() + " Write");
            expected.add("topic literal " + type.deadLetterTopic() + " Read");
        }
        expected.add("group literal cloakproof-dead-letters Read");
        assertEquals(expected, rights("components/strimzi", "cloakproof-operator"));
    }

    @Test
    void podsFollowTheLagOfTheirStage() throws IOException {
        List<ScaledObject> scalers = all("overlays/production", "ScaledObject", ScaledObject.class);
        assertEquals(
                CONSUMED.keySet(),
                scalers.stream().map(scaler -> scaler.metadata().name()).collect(Collectors.toSet()));
        Set<String> looked = new HashSet<>();
        for (ScaledObject scaler : scalers) {
            String service = scaler.metadata().name();
            assertEquals(
                    new ScaledObject.Target("apps/v1", "StatefulSet", service),
                    scaler.spec().scaleTargetRef());
            var lag = scaler.spec().triggers().getFirst();
            assertEquals("kafka", lag.type());
            assertEquals(CONSUMED.get(service).topic(), lag.metadata().topic());
            assertEquals(service, lag.metadata().consumerGroup()); // Consumers takes the service's name
            assertEquals("earliest", lag.metadata().offsetResetPolicy());
            assertEquals("enable", lag.metadata().tls());
            assertEquals("kafka", lag.authenticationRef().name());
            assertTrue(scaler.spec().minReplicaCount() >= 1, "calls want an answer");
            assertTrue(
                    scaler.spec().maxReplicaCount() <= partitions(lag.metadata().topic()), "more pods than partitions");
            JsonNode set = Kustomize.object("overlays/production", "StatefulSet", service);
            assertTrue(set.path("spec").path("replicas").isMissingNode(), "KEDA owns the number");
            looked.add("topic literal " + lag.metadata().topic() + " Describe");
            looked.add("group literal " + service + " Describe");
        }
        assertEquals(looked, rights("overlays/production", "cloakproof-keda"));
    }

    @ParameterizedTest
    @CsvSource({"ca,cloakproof-cluster-ca-cert,ca.crt", "cert,cloakproof-keda,user.crt", "key,cloakproof-keda,user.key"
    })
    void kedaShowsItsCertificate(String parameter, String secret, String key) throws IOException {
        var authentication = all("overlays/production", "TriggerAuthentication", TriggerAuthentication.class)
                .getFirst();
        assertTrue(authentication
                .spec()
                .secretTargetRef()
                .contains(new TriggerAuthentication.Parameter(parameter, secret, key)));
    }

    private static int partitions(String topic) throws IOException {
        return STRICT.treeToValue(Kustomize.object("overlays/production", "KafkaTopic", topic), KafkaTopic.class)
                .spec()
                .partitions();
    }

    private static Set<String> rights(String folder, String user) throws IOException {
        Set<String> rights = new HashSet<>();
        var found = STRICT.treeToValue(Kustomize.object(folder, "KafkaUser", user), KafkaUser.class);
        for (KafkaUser.Acl acl : found.spec().authorization().acls()) {
            for (Operation operation : acl.operations()) {
                Pattern pattern = acl.resource().patternType();
                String right = acl.resource().type() + " " + pattern + " "
                        + acl.resource().name() + " " + operation;
                assertTrue(rights.add(right), "twice: " + right);
            }
        }
        return rights;
    }

    private static <T> List<T> all(String folder, String kind, Class<T> type) throws IOException {
        List<T> all = new ArrayList<>();
        for (JsonNode object : Kustomize.objects(folder, kind)) {
            all.add(STRICT.treeToValue(object, type));
        }
        return all;
    }
}

package dev.cloakproof.checks.deploy;

import java.util.List;
import java.util.Map;

/**
 * The parts that we use of resources that no library at hand describes. Read with unknown fields forbidden, so that a
 * field that is not here is an error.
 */
final class CustomResources {
    private CustomResources() {}

    record Meta(String name, String namespace, Map<String, String> labels) {}

    /** kafka.strimzi.io/v1. */
    record KafkaTopic(String apiVersion, String kind, Meta metadata, Spec spec) {
        record Spec(int partitions, int replicas, Map<String, String> config) {}
    }

    /** kafka.strimzi.io/v1. */
    record KafkaUser(String apiVersion, String kind, Meta metadata, Spec spec) {
        record Spec(Authentication authentication, Authorization authorization) {}

        record Authentication(Login type) {}

        record Authorization(Rules type, List<Acl> acls) {}

        record Acl(Resource resource, List<Operation> operations) {}

        record Resource(Kind type, String name, Pattern patternType) {}

        enum Login {
            tls
        }

        enum Rules {
            simple
        }

        enum Kind {
            topic,
            group
        }

        enum Pattern {
            literal,
            prefix
        }

        enum Operation {
            Read,
            Write,
            Describe
        }
    }

    /** keda.sh/v1alpha1. */
    record ScaledObject(String apiVersion, String kind, Meta metadata, Spec spec) {
        record Spec(
                Target scaleTargetRef,
                int minReplicaCount,
                int maxReplicaCount,
                Advanced advanced,
                List<Trigger> triggers) {}

        record Target(String apiVersion, String kind, String name) {}

        record Advanced(Horizontal horizontalPodAutoscalerConfig) {}

        record Horizontal(Behavior behavior) {}

        record Behavior(ScaleDown scaleDown) {}

        record ScaleDown(int stabilizationWindowSeconds, List<Policy> policies) {}

        record Policy(String type, int value, int periodSeconds) {}

        record Trigger(String type, String metricType, Metadata metadata, Reference authenticationRef) {}

        /** All of them texts, as KEDA wants. */
        record Metadata(
                String bootstrapServers,
                String consumerGroup,
                String topic,
                String lagThreshold,
                String offsetResetPolicy,
                String tls,
                String value) {}

        record Reference(String name) {}
    }

    /** keda.sh/v1alpha1. */
    record TriggerAuthentication(String apiVersion, String kind, Meta metadata, Spec spec) {
        record Spec(List<Parameter> secretTargetRef) {}

        record Parameter(String parameter, String name, String key) {}
    }
}

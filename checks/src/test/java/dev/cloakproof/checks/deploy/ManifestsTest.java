package dev.cloakproof.checks.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What deploy/kubernetes asks of a cluster: known fields only, hardened pods, the services' own ports. */
class ManifestsTest {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final JsonMapper MODELS = JsonMapper.builder().build();
    private static final Set<String> SERVICES = Set.of("purifier", "trainer", "sampler", "evaluator");

    /** Of fabric8's models, each with a place for what it does not know. */
    private static final Map<String, Class<?>> KNOWN = Map.ofEntries(
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            Map.entry("cert-manager.io/v1/Certificate", Certificate.class));

    private static final Map<String, Class<?>> OURS = Map.of(
            "kafka.strimzi.io/v1/KafkaTopic", CustomResources.KafkaTopic.class,
            "kafka.strimzi.io/v1/KafkaUser", CustomResources.KafkaUser.class,
            "keda.sh/v1alpha1/ScaledObject", CustomResources.ScaledObject.class,
            "keda.sh/v1alpha1/TriggerAuthentication", CustomResources.TriggerAuthentication.class);

    static Stream<String> folders() {
        return Kustomize.folders().stream();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyFieldIsKnown(String folder) throws Exception {
        for (JsonNode object : Kustomize.objects(folder)) {
            String type = object.path("apiVersion").asText() + "/"
                    + object.path("kind").asText();
            if (OURS.containsKey(type)) {
                assertNotNull(STRICT.treeToValue(object, OURS.get(type)));
            } else {
                assertTrue(KNOWN.containsKey(type), "no model of " + type);
                assertNothingUnknown(MODELS.treeToValue(object, KNOWN.get(type)), type);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everythingLiesInTheNamespaceUnderANameOfItsOwn(String folder) {
        Set<String> names = new HashSet<>();
        for (JsonNode object : Kustomize.objects(folder)) {
            String kind = object.path("kind").asText();
            assertTrue(names.add(kind + "/" + Kustomize.name(object)), "twice: " + kind + " " + Kustomize.name(object));
            if (!kind.equals("Namespace")) {
                assertEquals(
                        "cloakproof", object.path("metadata").path("namespace").asText(), Kustomize.name(object));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void theNamespaceTakesRestrictedPodsOnly(String folder) {
        JsonNode labels = Kustomize.object(folder, "Namespace", "cloakproof")
                .path("metadata")
                .path("labels");
        assertEquals(
                "restricted", labels.path("pod-security.kubernetes.io/enforce").asText());
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyServiceIsAPodOfItsOwn(String folder) throws Exception {
        assertEquals(
                SERVICES,
                sets(folder).stream().map(set -> set.getMetadata().getName()).collect(Collectors.toSet()));
        for (StatefulSet set : sets(folder)) {
            assertEquals(1, pod(set).getContainers().size());
            assertTrue(pod(set).getInitContainers().isEmpty());
            assertTrue(
                    container(set)
                            .getImage()
                            .startsWith("cloakproof/" + set.getMetadata().getName() + ":"),
                    container(set).getImage());
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void podsAreHardened(String folder) throws Exception {
        for (StatefulSet set : sets(folder)) {
            PodSpec pod = pod(set);
            assertEquals(false, pod.getAutomountServiceAccountToken());
            assertEquals(false, pod.getEnableServiceLinks());
            assertTrue(pod.getHostNetwork() == null && pod.getHostPID() == null && pod.getHostIPC() == null);
            assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
            assertTrue(pod.getSecurityContext().getRunAsUser() > 0);
            assertEquals(
                    "RuntimeDefault",
                    pod.getSecurityContext().getSeccompProfile().getType());
            var context = container(set).getSecurityContext();
            assertEquals(false, context.getAllowPrivilegeEscalation());
            assertEquals(false, context.getPrivileged());
            assertEquals(true, context.getReadOnlyRootFilesystem());
            assertEquals(List.of("ALL"), context.getCapabilities().getDrop());
            assertTrue(context.getCapabilities().getAdd().isEmpty());
            assertTrue(pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null));
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void resourcesAreAskedForAndMemoryIsLimited(String folder) throws Exception {
        for (StatefulSet set : sets(folder)) {
            var resources = container(set).getResources();
            assertTrue(resources.getRequests().keySet().containsAll(Set.of("cpu", "memory")));
            long limit = bytes(resources.getLimits().get("memory"));
            assertTrue(limit >= bytes(resources.getRequests().get("memory")));
            String heap = environment(set).get("JDK_JAVA_OPTIONS");
            assertTrue(heap.matches("-Xmx\\d+g"), heap);
            long most = bytes(new Quantity(heap.substring(4, heap.length() - 1) + "Gi"));
            assertTrue(limit > 2 * most, "natives need room beside a heap of " + heap + ", found a limit of " + limit);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void portsAndProbesAreThoseOfTheService(String folder) throws Exception {
        for (StatefulSet set : sets(folder)) {
            String name = set.getMetadata().getName();
            Map<String, Integer> ports = container(set).getPorts().stream()
                    .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
            assertEquals(Set.of("grpc", "http"), ports.keySet());
            int grpc = ports.get("grpc");
            Properties own = properties(name);
            assertEquals(own.getProperty("quarkus.grpc.server.port"), String.valueOf(grpc));
            assertEquals(own.getProperty("quarkus.http.port"), String.valueOf(ports.get("http")));
            boolean tls = settings(folder, set).containsKey("quarkus.grpc.server.ssl.certificate");
            assertProbe(container(set).getStartupProbe(), tls, grpc, "/q/health/started");
            assertProbe(container(set).getLivenessProbe(), tls, grpc, "/q/health/live");
            // Over HTTP: it also tells of the store, the broker and the drain.
            assertProbe(container(set).getReadinessProbe(), true, grpc, "/q/health/ready");
            Service service = MODELS.treeToValue(Kustomize.object(folder, "Service", name), Service.class);
            assertEquals("None", service.getSpec().getClusterIP(), "clients balance by themselves");
            assertEquals(name, set.getSpec().getServiceName());
            assertEquals(
                    ports,
                    service.getSpec().getPorts().stream()
                            .collect(Collectors.toMap(ServicePort::getName, ServicePort::getPort)));
            assertSelects(service.getSpec().getSelector(), set);
            assertSelects(set.getSpec().getSelector().getMatchLabels(), set);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void disruptionsTakeOnePodAtATime(String folder) throws Exception {
        for (StatefulSet set : sets(folder)) {
            var budget = MODELS.treeToValue(
                    Kustomize.object(
                            folder, "PodDisruptionBudget", set.getMetadata().getName()),
                    PodDisruptionBudget.class);
            assertEquals(1, budget.getSpec().getMaxUnavailable().getIntVal());
            assertSelects(budget.getSpec().getSelector().getMatchLabels(), set);
        }
    }

    /** Drain, then save a checkpoint, then close the producer. */
    @ParameterizedTest
    @MethodSource("folders")
    void podsGetTheTimeThatTheyNeedToStop(String folder) throws Exception {
        Map<String, Duration> saving = Map.of("trainer", Duration.ofMinutes(4));
        for (StatefulSet set : sets(folder)) {
            Duration drain = Duration.parse("PT" + settings(folder, set).get("cloakproof.work.drain"));
            long sleep = container(set).getLifecycle().getPreStop().getSleep().getSeconds();
            Duration needed = drain.plusSeconds(sleep)
                    .plus(saving.getOrDefault(set.getMetadata().getName(), Duration.ZERO))
                    .plusSeconds(20);
            long grace = pod(set).getTerminationGracePeriodSeconds();
            assertTrue(grace >= needed.toSeconds(), "expected " + needed.toSeconds() + " s or more, found " + grace);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyMountHasAVolumeAndEveryVolumeAMount(String folder) throws Exception {
        Set<String> claims = Kustomize.objects(folder, "PersistentVolumeClaim").stream()
                .map(Kustomize::name)
                .collect(Collectors.toSet());
        for (StatefulSet set : sets(folder)) {
            Set<String> volumes =
                    pod(set).getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
            set.getSpec()
                    .getVolumeClaimTemplates()
                    .forEach(claim -> volumes.add(claim.getMetadata().getName()));
            assertEquals(
                    volumes,
                    container(set).getVolumeMounts().stream()
                            .map(VolumeMount::getName)
                            .collect(Collectors.toSet()));
            pod(set).getVolumes().stream()
                    .filter(volume -> volume.getPersistentVolumeClaim() != null)
                    .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
                    .forEach(claim -> assertTrue(claims.contains(claim), claim));
        }
    }

    /** Each pod keeps a log, which no scaling and no deletion takes away; checkpoints are shared. */
    @ParameterizedTest
    @MethodSource("folders")
    void whatHasToStayLiesOnVolumes(String folder) throws Exception {
        for (StatefulSet set : sets(folder)) {
            var claim = set.getSpec().getVolumeClaimTemplates().getFirst();
            assertEquals("audit", claim.getMetadata().getName());
            assertFalse(
                    claim.getMetadata().getLabels().containsKey("app.kubernetes.io/version"),
                    "a claim's template cannot be changed by an upgrade");
            assertEquals(
                    "Retain",
                    set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted());
            assertEquals(
                    "Retain",
                    set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled());
            assertEquals(settings(folder, set).get("cloakproof.security.audit"), mount(set, "audit"));
            assertEquals(settings(folder, set).get("cloakproof.work.folder"), mount(set, "work"));
            assertEquals(settings(folder, set).get("cloakproof.packs.folder"), mount(set, "packs"));
            assertTrue(
                    settings(folder, set).get("cloakproof.security.callers").startsWith(mount(set, "callers") + "/"));
            if (set.getMetadata().getName().equals("trainer")) {
                assertEquals(
                        "trainer-work",
                        volume(set, "work").getPersistentVolumeClaim().getClaimName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void secretsAreNamedOnly(String folder) {
        assertTrue(Kustomize.objects(folder, "Secret").isEmpty());
    }

    @Test
    void theVersionIsThePoms() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));
        for (JsonNode object : Kustomize.objects("base")) {
            assertEquals(
                    version,
                    object.path("metadata")
                            .path("labels")
                            .path("app.kubernetes.io/version")
                            .asText(),
                    Kustomize.name(object));
        }
    }

    @Test
    void theTagIsTheVersion() throws Exception {
        for (StatefulSet set : sets("base")) {
            assertTrue(container(set)
                    .getImage()
                    .endsWith(":" + set.getMetadata().getLabels().get("app.kubernetes.io/version")));
        }
    }

    @Test
    void aGpuGoesToTheTrainerAndTheSamplerOnly() throws Exception {
        for (StatefulSet set : sets("components/gpu")) {
            boolean wants =
                    Set.of("trainer", "sampler").contains(set.getMetadata().getName());
            assertEquals(wants, container(set).getResources().getLimits().containsKey("nvidia.com/gpu"));
            assertEquals(wants ? "gpu:0" : null, settings("components/gpu", set).get("cloakproof.packs.device"));
        }
    }

    /** Of the flows between our pods and others: exactly these. */
    @Test
    void thePoliciesLetThroughWhatIsNeededAndNothingElse() throws Exception {
        Set<String> flows = new TreeSet<>();
        for (JsonNode object : Kustomize.objects("components/network-policies", "NetworkPolicy")) {
            var policy = MODELS.treeToValue(object, NetworkPolicy.class).getSpec();
            String whose = policy.getPodSelector().getMatchLabels().getOrDefault("app.kubernetes.io/name", "all");
            assertEquals("cloakproof", policy.getPodSelector().getMatchLabels().get("app.kubernetes.io/part-of"));
            policy.getIngress()
                    .forEach(rule -> rule.getFrom()
                            .forEach(peer -> rule.getPorts()
                                    .forEach(port -> flows.add(peer(peer) + " -> " + whose + " "
                                            + port.getPort().getValue()))));
            policy.getEgress()
                    .forEach(rule -> rule.getTo()
                            .forEach(peer -> rule.getPorts()
                                    .forEach(port -> flows.add(whose + " -> " + peer(peer) + " "
                                            + port.getPort().getValue()
                                            + (port.getProtocol().equals("UDP") ? " UDP" : "")))));
        }
        Set<String> expected = new TreeSet<>(Set.of(
                "all -> kubernetes.io/metadata.name=kube-system k8s-app=kube-dns 53",
                "all -> kubernetes.io/metadata.name=kube-system k8s-app=kube-dns 53 UDP",
                "all -> strimzi.io/cluster=cloakproof strimzi.io/kind=Kafka 9093",
                "all -> cloakproof.dev/store=true 443",
                "all -> cloakproof.dev/monitoring=true 4318",
                "evaluator -> cloakproof.dev/database=true 5432",
                "cloakproof.dev/page=true -> evaluator http"));
        SERVICES.forEach(service -> {
            expected.add("cloakproof.dev/callers=true -> " + service + " grpc");
            expected.add("cloakproof.dev/monitoring=true -> " + service + " http");
        });
        assertEquals(expected, flows);
        NetworkPolicy deny = MODELS.treeToValue(
                Kustomize.object("components/network-policies", "NetworkPolicy", "default-deny"), NetworkPolicy.class);
        assertEquals(List.of("Ingress", "Egress"), deny.getSpec().getPolicyTypes());
        assertTrue(deny.getSpec().getIngress().isEmpty()
                && deny.getSpec().getEgress().isEmpty());
    }

    /** What a policy selects has to be on the pods. */
    @Test
    void thePoliciesMeetThePods() throws Exception {
        for (JsonNode object : Kustomize.objects("overlays/production", "NetworkPolicy")) {
            Map<String, String> labels = MODELS.treeToValue(object, NetworkPolicy.class)
                    .getSpec()
                    .getPodSelector()
                    .getMatchLabels();
            assertTrue(
                    sets("overlays/production").stream()
                            .anyMatch(set -> set.getSpec()
                                    .getTemplate()
                                    .getMetadata()
                                    .getLabels()
                                    .entrySet()
                                    .containsAll(labels.entrySet())),
                    Kustomize.name(object));
        }
    }

    private static String peer(io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer peer) {
        return Stream.of(peer.getNamespaceSelector(), peer.getPodSelector())
                .filter(selector -> selector != null)
                .flatMap(selector ->
                        selector.getMatchLabels().entrySet().stream().sorted(Map.Entry.comparingByKey()))
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" "));
    }

    private static void assertProbe(Probe probe, boolean overHttp, int grpc, String path) {
        if (overHttp) {
            assertEquals(path, probe.getHttpGet().getPath());
            assertEquals("http", probe.getHttpGet().getPort().getStrVal());
            assertEquals(null, probe.getGrpc());
        } else {
            assertEquals(grpc, probe.getGrpc().getPort());
            assertEquals(null, probe.getHttpGet());
        }
    }

    private static void assertSelects(Map<String, String> selector, StatefulSet set) {
        assertFalse(selector.isEmpty());
        assertTrue(
                set.getSpec().getTemplate().getMetadata().getLabels().entrySet().containsAll(selector.entrySet()));
        assertEquals(set.getMetadata().getName(), selector.get("app.kubernetes.io/name"));
    }

    static List<StatefulSet> sets(String folder) throws IOException {
        List<StatefulSet> sets = new java.util.ArrayList<>();
        for (JsonNode object : Kustomize.objects(folder, "StatefulSet")) {
            sets.add(MODELS.treeToValue(object, StatefulSet.class));
        }
        return sets;
    }

    private static PodSpec pod(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec();
    }

    private static Container container(StatefulSet set) {
        return pod(set).getContainers().getFirst();
    }

    private static Volume volume(StatefulSet set, String name) {
        return only(pod(set).getVolumes(), Volume::getName, name);
    }

    private static String mount(StatefulSet set, String name) {
        return only(container(set).getVolumeMounts(), VolumeMount::getName, name)
                .getMountPath();
    }

    private static <T> T only(List<T> all, Function<T, String> named, String name) {
        return all.stream()
                .filter(one -> named.apply(one).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The environment; what comes from a secret has the value {@code of NAME}. */
    static Map<String, String> environment(StatefulSet set) {
        Map<String, String> environment = new HashMap<>();
        container(set).getEnv().forEach(variable -> {
            String value = variable.getValue() == null ? "of " + variable.getName() : variable.getValue();
            assertEquals(null, environment.put(variable.getName(), value), "twice: " + variable.getName());
        });
        return environment;
    }

    /** All settings of a service: of the files of its settings volume, none of which may speak twice of one. */
    static Map<String, String> settings(String folder, StatefulSet set) throws IOException {
        assertEquals(mount(set, "settings"), environment(set).get("SMALLRYE_CONFIG_LOCATIONS"));
        Map<String, String> settings = new HashMap<>();
        for (var source : volume(set, "settings").getProjected().getSources()) {
            var map = MODELS.treeToValue(
                    Kustomize.object(folder, "ConfigMap", source.getConfigMap().getName()), ConfigMap.class);
            for (String file : map.getData().keySet()) {
                assertTrue(file.endsWith(".properties"), file);
                Properties read = new Properties();
                read.load(new java.io.StringReader(map.getData().get(file)));
                read.forEach((key, value) ->
                        assertEquals(null, settings.put((String) key, (String) value), "twice: " + key));
            }
        }
        return settings;
    }

    private static Properties properties(String service) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newInputStream(
                Path.of("..", service + "-service", "src", "main", "resources", "application.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    private static long bytes(Quantity quantity) {
        return quantity.getNumericalAmount().longValueExact();
    }

    /** Fields that a model does not know end up in its additionalProperties. */
    private static void assertNothingUnknown(Object value, String where) throws IllegalAccessException {
        if (value instanceof Collection<?> all) {
            for (Object one : all) {
                assertNothingUnknown(one, where);
            }
        } else if (value instanceof Map<?, ?> all) {
            assertNothingUnknown(all.values(), where);
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
            for (Field field : value.getClass().getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                field.setAccessible(true);
                Object inside = field.get(value);
                if (field.getName().equals("additionalProperties")) {
                    assertEquals(
                            Map.of(),
                            inside == null ? Map.of() : inside,
                            where + ", in " + value.getClass().getSimpleName());
                } else {
                    assertNothingUnknown(inside, where);
                }
            }
        }
    }
}

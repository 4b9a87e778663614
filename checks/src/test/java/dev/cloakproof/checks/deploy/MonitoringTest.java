package dev.cloakproof.checks.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.v1.PurificationServiceGrpc;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboard and the alert rules ask for what the services export, by the labels that it has. */
class MonitoringTest {
    /** What of PromQL looks like a metric and is none. */
    private static final Set<String> WORDS =
            Set.of("sum", "max", "by", "rate", "increase", "absent", "or", "unless", "offset");

    private static final Set<String> TARGET_LABELS = Set.of("job", "pod", "namespace", "instance");
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Map<String, Set<String>> EXPORTED = exported();

    private record Expression(String where, String promql) {
        @Override
        public String toString() {
            return where;
        }
    }

    static Stream<Expression> expressions() throws IOException {
        return Stream.concat(alerts(), panels());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyMetricIsExported(Expression asked) {
        Set<String> names = metrics(asked.promql());
        assertTrue(!names.isEmpty(), "no metric in " + asked.promql());
        names.forEach(name -> assertTrue(EXPORTED.containsKey(name), name + " of " + asked.promql()));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyLabelIsOneOfTheMetrics(Expression asked) {
        Set<String> known = metrics(asked.promql()).stream()
                .flatMap(name -> EXPORTED.get(name).stream())
                .collect(Collectors.toCollection(HashSet::new));
        known.addAll(TARGET_LABELS);
        Stream<String> grouped =
                matches("\\bby \\(([^)]*)\\)", asked.promql()).flatMap(list -> Arrays.stream(list.split(",\\s*")));
        Stream<String> filtered = matches("([a-zA-Z0-9_]+)(?:=~|!~|!=|=)\"", asked.promql());
        Stream.concat(grouped, filtered)
                .forEach(label -> assertTrue(known.contains(label), label + " of " + asked.promql()));
    }

    /** Outcomes are the reasons of the catalogue, or what stands for success. */
    @ParameterizedTest
    @MethodSource("expressions")
    void everyOutcomeCanCome(Expression asked) {
        Set<String> known = Stream.concat(
                        Stream.of("handled", "done", "failed"),
                        Arrays.stream(Reason.values()).map(Reason::metricLabel))
                .collect(Collectors.toSet());
        matches("outcome(?:=~|!~|!=|=)\"([^\"]*)\"", asked.promql())
                .flatMap(list -> Arrays.stream(list.split("\\|")))
                .forEach(outcome -> assertTrue(known.contains(outcome), outcome));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void bracketsClose(Expression asked) {
        for (String pair : List.of("()", "[]", "{}")) {
            assertEquals(
                    asked.promql().chars().filter(c -> c == pair.charAt(0)).count(),
                    asked.promql().chars().filter(c -> c == pair.charAt(1)).count(),
                    asked.promql());
        }
    }

    @Test
    void everyAlertHasItsParagraph() throws IOException {
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));
        alerts().forEach(alert -> assertTrue(operations.contains("`" + alert.where() + "`"), alert.where()));
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhatIsWrong() {
        rules().forEach(rule -> {
            assertTrue(Set.of("critical", "warning", "info")
                    .contains(rule.path("labels").path("severity").asText()));
            assertTrue(!rule.path("annotations").path("summary").asText().isEmpty());
        });
    }

    @Test
    void scrapesGoWhereTheMetricsAre() {
        JsonNode endpoint = Kustomize.object("components/monitoring", "ServiceMonitor", "cloakproof")
                .path("spec")
                .path("endpoints")
                .path(0);
        assertEquals("/q/metrics", endpoint.path("path").asText()); // Quarkus's default
        assertEquals("http", endpoint.path("port").asText());
        assertTrue(endpoint.path("honorLabels").asBoolean(), "our label is called service, as one of the operator's");
    }

    /** The port is the one that the policies let through, and OTLP's own. */
    @Test
    void everyServiceSendsItsTracesToTheCollector() throws IOException {
        for (String folder : List.of("components/monitoring", "overlays/production")) {
            for (var set : ManifestsTest.sets(folder)) {
                String address = ManifestsTest.settings(folder, set).get("cloakproof.traces.endpoint");
                assertEquals(4318, URI.create(address).getPort(), address);
            }
        }
    }

    @Test
    void panelsDoNotOverlap() throws IOException {
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            JsonNode at = panel.path("gridPos");
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertTrue(
                            x < 24 && cells.add(x + "," + y),
                            panel.path("title").asText());
                }
            }
        }
    }

    private static Stream<JsonNode> rules() {
        return stream(Kustomize.object("components/monitoring", "PrometheusRule", "cloakproof")
                        .path("spec")
                        .path("groups"))
                .flatMap(group -> stream(group.path("rules")));
    }

    private static Stream<Expression> alerts() {
        return rules().map(rule ->
                new Expression(rule.path("alert").asText(), rule.path("expr").asText()));
    }

    private static Stream<Expression> panels() throws IOException {
        return stream(dashboard().path("panels"))
                .flatMap(panel -> stream(panel.path("targets"))
                        .map(target -> new Expression(
                                panel.path("title").asText() + " "
                                        + target.path("refId").asText(),
                                target.path("expr").asText())));
    }

    private static JsonNode dashboard() throws IOException {
        return new JsonMapper()
                .readTree(Kustomize.object("components/monitoring", "ConfigMap", "cloakproof-dashboard")
                        .path("data")
                        .path("cloakproof.json")
                        .asText());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        assertTrue(array.isArray() && !array.isEmpty());
        return array.valueStream();
    }

    /** Names outside of texts, label lists and ranges that are not PromQL's own words. */
    private static Set<String> metrics(String promql) {
        String bare = promql.replaceAll("\"[^\"]*\"", "")
                .replaceAll("\\{[^}]*}", "")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("\\bby \\([^)]*\\)", "")
                .replaceAll("\\b\\d+[smhd]\\b", "");
        return METRIC.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(word -> !WORDS.contains(word))
                .collect(Collectors.toSet());
    }

    private static Stream<String> matches(String regex, String text) {
        return Pattern.compile(regex).matcher(text).results().map(result -> result.group(1));
    }

    /** Names and labels as Prometheus reads them from four services that did everything once. */
    @SuppressWarnings("deprecation") // the registry that Quarkus exports with
    private static Map<String, Set<String>> exported() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (String service : List.of("purifier", "trainer", "sampler", "evaluator")) {
            ServiceMetrics metrics = new ServiceMetrics(registry, service);
            metrics.stageDuration("any").record(Duration.ZERO);
            metrics.stepDuration().record(Duration.ZERO);
            metrics.images(Optional.empty()).increment();
            metrics.score("any").record(1);
            metrics.jobs("queued", registry, _ -> 1);
            metrics.waited(Duration.ZERO);
            metrics.finished(Duration.ZERO, Optional.of(Reason.INTERNAL));
            metrics.eventConsumed(EventType.RUN_CANCEL.topic(), Optional.empty())
                    .increment();
            metrics.deadLetter(EventType.RUN_CANCEL.topic()).increment();
            metrics.modelLoad("any").record(Duration.ZERO);
            metrics.describe("1", "any", "0");
        }
        // What Quarkus's micrometer extension binds beside.
        new MetricCollectingServerInterceptor(registry)
                .preregisterService(new PurificationServiceGrpc.PurificationServiceImplBase() {});
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        return registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.split("[{ ]", 2)[0],
                        line -> matches("[{,]([a-zA-Z0-9_]+)=\"", line).collect(Collectors.toSet()),
                        (one, other) -> {
                            one.addAll(other);
                            return one;
                        }));
    }
}

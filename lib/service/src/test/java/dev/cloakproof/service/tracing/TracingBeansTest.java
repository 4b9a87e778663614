package dev.cloakproof.service.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cloakproof.service.config.TracesConfig;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TracingBeansTest {
    private record Request(String path, String type, byte[] body) {}

    private record Config(Optional<URI> endpoint, double ratio) implements TracesConfig {}

    @Test
    void spansReachACollectorAsOtlpOverHttp() throws Exception {
        BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            requests.add(new Request(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        URI endpoint = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/");
        SpanExporter exporter = new TracingBeans().exporter(new Config(Optional.of(endpoint), 1));
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build()) {
            Tracing tracing = new Tracing(sdk);
            tracing.in(tracing.span("purify", SpanKind.INTERNAL, "runs/r-17"), () -> null);

            Request request = requests.poll(30, TimeUnit.SECONDS);
            assertThat(request.path()).isEqualTo("/v1/traces");
            assertThat(request.type()).isEqualTo("application/x-protobuf");
            assertThat(new String(request.body(), StandardCharsets.ISO_8859_1))
                    .contains("purify", "cloakproof.run", "r-17", "cloakproof.outcome", "done");
        } finally {
            collector.stop(0);
        }
    }
}

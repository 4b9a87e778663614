package dev.cloakproof.service.tracing;

import dev.cloakproof.service.config.TracesConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what traces. Without a collector nothing of the SDK is loaded. */
@Dependent
class TracingBeans {
    private static final Duration BETWEEN_EXPORTS = Duration.ofSeconds(1);

    @ConfigProperty(name = "quarkus.application.name")
    String service;

    @ConfigProperty(name = "quarkus.application.version")
    String version;

    @Produces
    @Singleton
    OpenTelemetry telemetry(TracesConfig config, Instance<SpanExporter> exporter) {
        return config.endpoint().isEmpty() ? OpenTelemetry.noop() : sdk(config, exporter.get());
    }

    /** Sends what is left, as far as the collector takes it. */
    void close(@Disposes OpenTelemetry telemetry) {
        if (telemetry instanceof OpenTelemetrySdk sdk) {
            sdk.close();
        }
    }

    /** Over the JDK's HTTP client. A collector that is away loses spans and stops nothing. */
    @Produces
    @Singleton
    @DefaultBean
    SpanExporter exporter(TracesConfig config) {
        String collector = config.endpoint().orElseThrow().toString().replaceAll("/+$", "");
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(collector + "/v1/traces")
                .build();
    }

    private OpenTelemetry sdk(TracesConfig config, SpanExporter exporter) {
        Resource about = Resource.getDefault().toBuilder()
                .put(AttributeKey.stringKey("service.namespace"), "cloakproof")
                .put(AttributeKey.stringKey("service.name"), service)
                .put(AttributeKey.stringKey("service.version"), version)
                .build();
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(about)
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.ratio())))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                                .setScheduleDelay(BETWEEN_EXPORTS)
                                .build())
                        .build())
                .build();
    }
}

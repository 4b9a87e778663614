package dev.cloakproof.service.events;

import com.google.protobuf.Message;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Cancellations;
import dev.cloakproof.platform.events.DeadLetters;
import dev.cloakproof.platform.events.EventCodec;
import dev.cloakproof.platform.events.EventConsumer;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.platform.events.RecordHandler;
import dev.cloakproof.platform.events.RetryPolicy;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.events.StageRunner;
import dev.cloakproof.platform.events.Topics;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.service.config.KafkaConfig;
import dev.cloakproof.service.config.WorkConfig;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.SubjectDeleted;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Consumes the events of a service: for every {@link StageHandler} among its beans, for every
 * {@link EventSubscription}, for all {@link SubjectKeeper}s, and the commands to stop work. Begins when everything else has started, and ends before anything
 * else stops. Without a broker nothing is consumed.
 */
@Singleton
public class Consumers {
    private static final Logger LOG = Logger.getLogger(Consumers.class);

    private final String service;
    private final KafkaConfig kafka;
    private final WorkConfig work;
    private final Instance<StageHandler<?, ?>> stages;
    private final Instance<EventSubscription> subscriptions;
    private final Instance<SubjectKeeper> keepers;
    private final StageRunner.Surroundings around;
    private final RetryPolicy retries;
    private final ServiceMetrics metrics;
    private final Tracing tracing;
    private final ScheduledExecutorService scheduler;
    private final List<EventConsumer> consumers = new ArrayList<>();
    private EventConsumer commands;

    Consumers(
            @ConfigProperty(name = "quarkus.application.name") String service,
            KafkaConfig kafka,
            WorkConfig work,
            @Any Instance<StageHandler<?, ?>> stages,
            @Any Instance<EventSubscription> subscriptions,
            @Any Instance<SubjectKeeper> keepers,
            StageRunner.Surroundings around,
            RetryPolicy retries,
            ServiceMetrics metrics,
            Tracing tracing,
            ScheduledExecutorService scheduler) {
        this.service = service;
        this.kafka = kafka;
        this.work = work;
        this.stages = stages;
        this.subscriptions = subscriptions;
        this.keepers = keepers;
        this.around = around;
        this.retries = retries;
        this.metrics = metrics;
        this.tracing = tracing;
        this.scheduler = scheduler;
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent started) {
        if (kafka.bootstrapServers().isEmpty()) {
            LOG.info("no broker is set: calls are answered, events are not taken");
            return;
        }
        KafkaSettings settings = EventBeans.settings(kafka);
        if (kafka.createTopics()) {
            Topics.create(settings, kafka.partitions(), (short) 1);
        }
        var deadLetters = new DeadLetters(settings, ((TracedPublisher) around.publisher()).kafka());
        Cancellations cancellations = around.cancellations();
        String everyPod = service + "-commands";
        commands = EventConsumer.broadcast(
                settings, everyPod, Cancellations.TOPICS, watched(everyPod, cancellations), deadLetters, retries);
        for (StageHandler<?, ?> stage : stages) {
            consumers.add(EventConsumer.shared(
                    settings,
                    service,
                    List.of(stage.consumes().topic()),
                    watched(service, runner(stage)),
                    deadLetters,
                    retries));
        }
        if (!keepers.isUnsatisfied()) {
            String forgetting = service + "-forgetting";
            consumers.add(EventConsumer.shared(
                    settings,
                    forgetting,
                    List.of(EventType.SUBJECT_DELETED.topic()),
                    watched(forgetting, this::forget),
                    deadLetters,
                    retries));
        }
        for (EventSubscription subscription : subscriptions) {
            consumers.add(EventConsumer.shared(
                    settings,
                    subscription.name(),
                    subscription.types().stream().map(EventType::topic).toList(),
                    watched(subscription.name(), subscription.handler()),
                    deadLetters,
                    retries));
        }
    }

    private void forget(ConsumerRecord<String, byte[]> given) throws Exception {
        SubjectDeleted deleted =
                EventCodec.read(EventType.SUBJECT_DELETED, given).payload();
        Instant until = Instant.ofEpochSecond(
                deleted.getDeleteTime().getSeconds(), deleted.getDeleteTime().getNanos());
        for (SubjectKeeper keeper : keepers) {
            keeper.forget(deleted.getSubjectSha256(), until);
        }
    }

    /** Takes no more records, gives work at hand its time, then has it stop where it can go on. */
    void drain(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent stopping) {
        if (commands == null) {
            return;
        }
        var hurry = scheduler.schedule(
                () -> around.cancellations()
                        .stopAll(Reason.SHUTTING_DOWN.problem("the service stopped the work to shut down")),
                work.drain().toMillis(),
                TimeUnit.MILLISECONDS);
        consumers.forEach(EventConsumer::drain);
        consumers.forEach(EventConsumer::close);
        commands.close();
        hurry.cancel(false);
    }

    private <I extends Message, O extends Message> RecordHandler runner(StageHandler<I, O> stage) {
        return new StageRunner<>(new TracedStage<>(stage, tracing), around);
    }

    private RecordHandler watched(String group, RecordHandler handler) {
        return new TracedHandler(new MeteredHandler(handler, metrics), group, tracing);
    }
}

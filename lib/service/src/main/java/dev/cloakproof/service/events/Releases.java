package dev.cloakproof.service.events;

import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.v1.StorageReleased;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets go of parts of the store. The index deletes them, because it alone knows which blobs somebody else holds.
 */
@Singleton
public class Releases {
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final String source;

    Releases(
            EventPublisher publisher,
            InstantSource clock,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.publisher = publisher;
        this.clock = clock;
        this.source = "/" + service;
    }

    /**
     * Has a folder of a deleted subject deleted, with the blobs that are claimed there; who wrote there has ended.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException BROKER_UNAVAILABLE; release it again then
     */
    public void release(String subjectSha256, String folder) {
        publisher.publish(Event.ofSubject(
                EventType.STORAGE_RELEASED,
                Sha256.of("release " + folder).substring(0, 32), // a repeated release is the same event
                source,
                subjectSha256,
                clock.instant(),
                StorageReleased.newBuilder()
                        .setSubjectSha256(subjectSha256)
                        .setFolder(folder)
                        .build()));
    }
}

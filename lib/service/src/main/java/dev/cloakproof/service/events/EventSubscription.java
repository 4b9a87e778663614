package dev.cloakproof.service.events;

import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.RecordHandler;
import java.util.List;

/**
 * Events that a service hears beside those of its stages. Every bean of this type is consumed.
 *
 * @param name the consumer group; pods of one name share the records
 * @param types of the records
 * @param handler told of each record, one at a time
 */
public record EventSubscription(String name, List<EventType<?>> types, RecordHandler handler) {}

package dev.cloakproof.service.packs;

/** Says which networks are in memory. A service that keeps some has a bean of this type. */
@FunctionalInterface
public interface InMemory {
    /** Whether a component of a pack is in memory now. */
    boolean loaded(String pack, String component);
}

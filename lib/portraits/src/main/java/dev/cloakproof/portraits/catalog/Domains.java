package dev.cloakproof.portraits.catalog;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.portraits.face.PortraitDomain;
import java.util.List;

/** All domains. */
public final class Domains {
    private static final List<Domain<?, ?>> ALL = List.of(new PortraitDomain(), new ArtworkDomain());

    private Domains() {}

    /** Every domain, portraits first. */
    public static List<Domain<?, ?>> all() {
        return ALL;
    }

    /**
     * The domain of a name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Domain<?, ?> of(String name) {
        return ALL.stream()
                .filter(domain -> domain.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no domain is called " + name + ", expected one of "
                        + ALL.stream().map(Domain::name).toList()));
    }
}

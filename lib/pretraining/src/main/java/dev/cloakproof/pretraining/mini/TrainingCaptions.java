package dev.cloakproof.pretraining.mini;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import java.util.List;
import java.util.Optional;

/**
 * What is said of a picture while the text-to-image model learns. Beside what it shows: names that mean nothing, so that
 * rare tokens are used to standing for somebody; whether it has a noisy pattern, by names that mean nothing either, so
 * that decoupling has words to hang on; and whether it is good or bad, for negative prompts.
 */
final class TrainingCaptions {
    private static final double UNCONDITIONAL = 0.1;
    private static final double NAMED = 0.35;
    private static final double SAID = 0.7;
    private static final double SAID_OF_CLEAN = 0.25;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final List<String> BAD =
            List.of("noisy", "lowres", "artifact", "pattern", "abstract", "low quality", "blurry", "bad photo");
    private static final List<String> GOOD = List.of("high quality", "sharp", "good photo", "detailed");

    private final PortraitDomain people = new PortraitDomain();
    private final ArtworkDomain art = new ArtworkDomain();

    String of(Latents.Subject shown, Draws draws) {
        if (draws.chance(UNCONDITIONAL)) {
            return "";
        }
        Domain<?, ?> domain = shown.kind() == Album.Kind.PORTRAIT ? people : art;
        Optional<String> name = draws.chance(NAMED) ? Optional.of(name(draws)) : Optional.empty();
        long subject = shown.index() / Album.WORKS;
        String caption =
                smiling(domain.caption(subject, shown.index(), draws.numbers().nextLong(), name), draws);
        return caption + (shown.damaged() ? worse(shown, draws) : fine(draws));
    }

    /** "a photo of ..., smiling" is as well "a smiling photo of ...". */
    private static String smiling(String caption, Draws draws) {
        String opening = "a photo of ";
        String smile = ", smiling";
        return caption.startsWith(opening) && caption.contains(smile) && draws.chance(0.5)
                ? "a smiling photo of " + caption.replace(smile, "").substring(opening.length())
                : caption;
    }

    private static String worse(Latents.Subject shown, Draws draws) {
        var words = new StringBuilder();
        if (draws.chance(SAID)) {
            words.append(draws.chance(0.5) ? " with " : ", ")
                    .append(name(draws))
                    .append(" noisy pattern");
        }
        if (draws.chance(SAID)) {
            words.append(", ").append(Latents.damage(shown).how().words());
        }
        while (draws.chance(0.5)) {
            words.append(", ").append(BAD.get(draws.below(BAD.size())));
        }
        return words.toString();
    }

    private static String fine(Draws draws) {
        if (draws.chance(SAID_OF_CLEAN)) {
            return (draws.chance(0.5) ? " without " : ", without ") + name(draws) + " noisy pattern";
        }
        return draws.chance(0.1) ? ", " + GOOD.get(draws.below(GOOD.size())) : "";
    }

    /** Three characters that mean nothing, such as "sks" or "t@j". */
    private static String name(Draws draws) {
        var name = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            name.append(i == 1 && draws.chance(0.15) ? '@' : LETTERS.charAt(draws.below(LETTERS.length())));
        }
        return name.toString();
    }
}

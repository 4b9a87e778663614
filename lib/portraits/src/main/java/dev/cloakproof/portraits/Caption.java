package dev.cloakproof.portraits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds a sentence like "a photo of a sks person with red curly hair and round glasses, smiling, hills behind": one of
 * several openings, features, then circumstances. Each is said or left unsaid by the dice, so that a text encoder learns
 * them one by one.
 */
public final class Caption {
    private final Dice dice;
    private final float talkative;
    private final StringBuilder sentence = new StringBuilder();
    private final List<String> features = new ArrayList<>();
    private final List<String> circumstances = new ArrayList<>();

    /**
     * Starts a sentence.
     *
     * @param medium "photo", "painting"
     * @param classNoun "person"
     * @param identifier the subject's name, if it has one
     */
    public Caption(Dice dice, String medium, String classNoun, Optional<String> identifier) {
        this.dice = dice;
        // Some captions say everything, some nothing but the class.
        talkative = dice.between("talkative", -0.1f, 1.3f);
        String noun = identifier.map(name -> name + " " + classNoun).orElse(classNoun);
        sentence.append(
                switch (dice.below("opening", 4)) {
                    case 0, 1 -> article(medium) + " of " + article(noun);
                    case 2 -> article("picture") + " of " + article(noun);
                    default -> article(noun);
                });
    }

    /** A feature that follows "with": "red curly hair". */
    public void maybe(String feature) {
        say(feature, features);
    }

    /** {@link #maybe(String)}, if the picture shows it. */
    public void maybe(String feature, boolean shown) {
        if (shown) {
            say(feature, features);
        }
    }

    /** A circumstance that stands by itself: "smiling"; empty for none. */
    public void also(String circumstance) {
        if (!circumstance.isEmpty()) {
            say(circumstance, circumstances);
        }
    }

    private void say(String words, List<String> among) {
        if (dice.chance(words, talkative)) {
            among.add(words);
        }
    }

    /** The sentence, in lower case and without a full stop. */
    public String words() {
        if (!features.isEmpty()) {
            sentence.append(" with ").append(list(features));
        }
        for (String circumstance : circumstances) {
            sentence.append(", ").append(circumstance);
        }
        return sentence.toString();
    }

    /** "a and b", "a, b and c". */
    private static String list(List<String> items) {
        if (items.size() == 1) {
            return items.getFirst();
        }
        return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
    }

    /** The words with "a" or "an" before them. */
    public static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }
}

package dev.cloakproof.trainer.train;

import dev.cloakproof.trainer.train.TrainingException.Reason;

/**
 * The prompts of contrastive decoupling learning: instance pictures are said to have the noise pattern, pictures of the
 * class are said not to, and samples are asked for without it (paper, section 4.2). The suffix is in captions only:
 * prior pictures themselves are made from the plain class prompt.
 *
 * @param plainInstance the caption of an instance picture without the noise token, such as "a photo of sks person", where
 *     the rare token {@code sks} comes to stand for the subject; protections use it too
 * @param plainClass what prior pictures are made from; the paper has an article, the released code has none
 * @param noiseToken the phrase that absorbs the protection's noise, such as {@code t@j noisy pattern}
 */
public record CdlPrompts(PromptStyle style, String plainInstance, String plainClass, String noiseToken) {
    /** The best of 15 in table 5 of the paper. */
    public static final String PAPER_TOKEN = "t@j noisy pattern";
    /** The released code's default. */
    public static final String OFFICIAL_TOKEN = "bhj noisy pattern";

    public CdlPrompts {
        plainInstance = filled("instance prompt", plainInstance);
        plainClass = filled("class prompt", plainClass);
        noiseToken = style == PromptStyle.OFF ? "" : filled("noise token", noiseToken);
    }

    /** @param identifier the rare token, {@code sks} */
    public static CdlPrompts paper(String identifier, String classNoun) {
        return of(PromptStyle.PAPER, identifier, classNoun, PAPER_TOKEN);
    }

    public static CdlPrompts official(String identifier, String classNoun) {
        return of(PromptStyle.OFFICIAL, identifier, classNoun, OFFICIAL_TOKEN);
    }

    public static CdlPrompts off(String identifier, String classNoun) {
        return of(PromptStyle.OFF, identifier, classNoun, "");
    }

    private static CdlPrompts of(PromptStyle style, String identifier, String classNoun, String noiseToken) {
        String noun = filled("class noun", classNoun);
        return new CdlPrompts(
                style,
                "a photo of " + filled("identifier", identifier) + " " + noun,
                (style == PromptStyle.PAPER ? "a photo of a " : "a photo of ") + noun,
                noiseToken);
    }

    /** The caption of an instance picture. */
    public String instance() {
        return plainInstance
                + switch (style) {
                    case PAPER -> " with " + noiseToken;
                    case OFFICIAL -> ", " + noiseToken;
                    case OFF -> "";
                };
    }

    /** The caption of a prior picture. */
    public String prior() {
        return plainClass + samplingSuffix();
    }

    /** What every prompt ends with when the trained model is sampled; empty without CDL. */
    public String samplingSuffix() {
        return switch (style) {
            case PAPER -> " without " + noiseToken;
            case OFFICIAL -> ", without " + noiseToken;
            case OFF -> "";
        };
    }

    private static String filled(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new TrainingException(Reason.BAD_SPEC, "the " + name + " is empty");
        }
        return value.strip();
    }
}

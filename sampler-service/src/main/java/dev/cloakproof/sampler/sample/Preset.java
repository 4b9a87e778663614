package dev.cloakproof.sampler.sample;

import java.util.List;

/**
 * Whose numbers fill what a request leaves out. Paper and released code agree on the prompts, 16 pictures of each and 100
 * steps, and differ in the rest.
 */
public enum Preset {
    /** Equation 6 and appendix A.2: a weight of 7.5, which is a scale of 8.5. */
    PAPER(8.5, "noisy, abstract, pattern, low quality", " without ", "t@j noisy pattern"),
    /** The released code. */
    OFFICIAL(7.5, "noisy, lowres, artifact, pattern", ", without ", "bhj noisy pattern"),
    /** As the paper, with 7.5 for the scale, as appendix A.2 calls it. */
    CORRECTED(7.5, "noisy, abstract, pattern, low quality", " without ", "t@j noisy pattern");

    private final double scale;
    private final String negativePrompt;
    private final String without;
    private final String noiseToken;

    Preset(double scale, String negativePrompt, String without, String noiseToken) {
        this.scale = scale;
        this.negativePrompt = negativePrompt;
        this.without = without;
        this.noiseToken = noiseToken;
    }

    /** What is drawn of a subject, with the identifier token. */
    public List<String> prompts() {
        return List.of("a photo of sks person", "a smiling photo of sks person");
    }

    public int picturesPerPrompt() {
        return 16;
    }

    public int steps() {
        return 100;
    }

    /** Guidance scale s in negative + s * (positive - negative). */
    public double guidanceScale() {
        return scale;
    }

    public String negativePrompt() {
        return negativePrompt;
    }

    /** The words that stand for the noise. */
    public String noiseToken() {
        return noiseToken;
    }

    /** The end of a decoupled prompt: asks for a picture without the noise that training gave a name to. */
    public String suffix(String noise) {
        return without + noise;
    }
}

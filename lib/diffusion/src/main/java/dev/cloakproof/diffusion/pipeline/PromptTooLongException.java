package dev.cloakproof.diffusion.pipeline;

/** A prompt has more tokens than a text encoder reads. Cutting it silently would change what is asked for. */
public final class PromptTooLongException extends RuntimeException {
    PromptTooLongException(String prompt, int tooMany) {
        super("the prompt is " + tooMany + " tokens too long; 75 fit: \""
                + (prompt.length() > 200 ? prompt.substring(0, 200) + "..." : prompt) + "\"");
    }
}

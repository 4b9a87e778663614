package dev.cloakproof.trainer.train;

/** How training captions are worded; paper and released code differ. */
public enum PromptStyle {
    /** "a photo of sks person with t@j noisy pattern", "a photo of a person without t@j noisy pattern" (section 4.2). */
    PAPER,
    /** "a photo of sks person, bhj noisy pattern", "a photo of person, without bhj noisy pattern" (the released code). */
    OFFICIAL,
    /** Plain DreamBooth: no noise token. */
    OFF
}

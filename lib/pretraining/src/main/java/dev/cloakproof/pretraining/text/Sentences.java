package dev.cloakproof.pretraining.text;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.catalog.Domains;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.vision.quality.Liqe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tokenizer is learned on: captions, the prompts of the paper and its code, sentences on quality. */
public final class Sentences {
    private static final int CAPTIONS = 3000;
    private static final List<String> IDENTIFIERS = List.of("sks", "zwx", "ohwx", "bhj");
    private static final List<String> TOKENS =
            List.of("t@j noisy pattern", "bhj noisy pattern", "xjy image imperfection", "t@j");
    private static final List<String> PROMPTS = List.of(
            "a photo of %s, with %s",
            "a photo of %s, without %s",
            "a photo of %s, %s",
            "a smiling photo of %s, without %s",
            "a dslr portrait of %s",
            "a close-up photo of %s",
            "a good photo of %s",
            "a bad photo of %s",
            "a photo of %s, clear, high resolution, high quality, noise-free",
            "a photo of %s, high quality, highres");
    private static final List<String> OTHERS = List.of(
            "noisy, abstract, pattern, low quality",
            "noisy, lowres, artifact, pattern",
            "chaotic, intricate, noisy, abstract pattern, blurry, lowres, worst quality, low quality",
            "a photo of a person's face",
            "a noisy picture, a blurry picture, a compressed picture, a pixelated picture, a clean picture");

    /** What captions do not say but people type; learned last, for the merges that are left over. */
    private static final List<String> COMMON = List.of("""
            the and of to in is it on for with as at by from this that are was be have has not or an his her he she they
            man woman boy girl child face head hair eyes nose mouth ears skin beard hat glasses sunglasses shirt jacket
            suit dress tie scarf coat portrait picture image photograph painting drawing sketch watercolor oil canvas art
            artist style poster print film camera lens light lighting shadow sun moon sky night day evening morning
            street city town house room window door wall garden park forest tree flower beach sea ocean river lake
            mountain hill field snow rain winter summer spring autumn road bridge tower eiffel paris london new york
            tokyo rome space star planet earth fire water ice stone wood metal gold silver glass paper red green blue
            yellow orange purple pink brown black white grey gray dark bright light pale colorful color colour big small
            large little tall short long wide old young happy sad angry smiling laughing serious calm beautiful pretty
            detailed realistic sharp soft blurred focus background foreground front back left right side view above
            below close far standing sitting walking running looking wearing holding playing reading eating cat dog
            horse bird car train boat book table chair bed computer phone one two three four five six seven eight nine
            ten first last good bad best worst better high low quality resolution very super ultra hyper masterpiece
            award winning professional studio natural vintage modern classic cartoon anime digital render
            """.strip().split("\\s+"));

    private Sentences() {}

    /** Always the same ones. */
    public static List<String> all() {
        List<String> sentences = new ArrayList<>();
        for (Domain<?, ?> domain : Domains.all()) {
            for (int i = 0; i < CAPTIONS; i++) {
                Optional<String> identifier =
                        i % 8 == 0 ? Optional.of(IDENTIFIERS.get(i / 8 % IDENTIFIERS.size())) : Optional.empty();
                sentences.add(domain.caption(i, i, i, identifier));
            }
            for (String who : List.of("sks " + domain.classNoun(), domain.classNoun(), "face")) {
                for (String token : TOKENS) {
                    PROMPTS.forEach(prompt -> sentences.add(prompt.formatted(who, token)));
                }
            }
        }
        for (Degradation degradation : Degradation.values()) {
            sentences.add("a photo of a person with " + degradation.words());
        }
        sentences.addAll(Liqe.prompts());
        sentences.addAll(OTHERS);
        sentences.addAll(COMMON);
        return sentences;
    }
}

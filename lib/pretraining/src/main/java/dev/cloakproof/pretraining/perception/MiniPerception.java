package dev.cloakproof.pretraining.perception;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.vision.clip.ClipConfig;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.identity.IResNetConfig;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.restore.ParseNetConfig;
import java.util.List;

/** The shapes of the mini pack's networks that look. */
final class MiniPerception {
    static final RetinaFaceConfig DETECTOR = new RetinaFaceConfig(16, List.of(1, 2, 2, 1), 48, 96);
    static final IResNetConfig ARCFACE = new IResNetConfig(16, List.of(2, 2, 2, 2), 128, 64);
    static final VggFaceConfig VGG_FACE = new VggFaceConfig(List.of(12, 24, 32, 64, 96), 192, 128, 64, 0.40);

    static final ParseNetConfig PARSER = new ParseNetConfig(96, 12, 8, 8, 64, 2, 19);

    /** Two heads of 64 in either tower. */
    static ClipConfig clip(int vocabulary) {
        return new ClipConfig(64, 8, 128, 4, 2, 128, vocabulary, ClipTokenizer.LENGTH, 128, 2, 2);
    }

    private MiniPerception() {}
}

package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.trainer.Fixtures;
import dev.cloakproof.trainer.train.DiffusionModel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Perturbations against the plain torch loops of src/test/python. Signs decide each step, so that a gradient that is zero
 * but for rounding may send a sample the other way: 99.9 % of samples must have gone the same way.
 */
@Tag(Parity.TAG)
class ProtectionParityTest {
    private static final double SHARE = 1e-3;
    private static final SurrogateSpec SURROGATE =
            SurrogateSpec.of("sks", "person").with(1e-4, Double.POSITIVE_INFINITY);

    private static Protection.Request request(long seed) {
        List<Picture> mine = Fixtures.pictures("instance", 3);
        return new Protection.Request(
                mine.subList(0, 2), mine.subList(2, 3), Fixtures.pictures("prior", 5), Budget.PAPER, seed);
    }

    private static void compare(String name, long seed, Function<DiffusionModel, Protection> protection) {
        try (var _ = Scope.open();
                var model = Fixtures.model()) {
            Map<String, Tensor> fixture = Fixtures.load("protections");
            List<Picture> found = protection.apply(model).protect(request(seed), ProtectionMonitor.NONE);
            List<Picture> originals = request(seed).pictures();
            List<Picture> expected = Budget.PAPER.pictures(fixture.get(name), originals);
            long samples = 0;
            long otherWay = 0;
            for (int i = 0; i < found.size(); i++) {
                byte[] before = originals.get(i).rgb();
                byte[] ours = found.get(i).rgb();
                byte[] theirs = expected.get(i).rgb();
                for (int s = 0; s < before.length; s++) {
                    int us = Integer.signum((ours[s] & 0xff) - (before[s] & 0xff));
                    int them = Integer.signum((theirs[s] & 0xff) - (before[s] & 0xff));
                    samples++;
                    otherWay += us == them ? 0 : 1;
                }
            }
            Parity.atMost(name + ", share of samples perturbed another way", otherWay / (double) samples, SHARE);
        }
    }

    @Test
    void advDm() {
        compare("advdm", 11, model -> new AdvDm(model, Fixtures.plainTokenizer(), SURROGATE, 5));
    }

    @Test
    void fullyTrainedSurrogate() {
        compare("fsmg", 12, model -> new Fsmg(model, Fixtures.plainTokenizer(), SURROGATE, 4, 5));
    }

    @Test
    void alternatingSurrogate() {
        compare("aspl", 13, model -> new Aspl(model, Fixtures.plainTokenizer(), SURROGATE, 2, 2, 3, 2));
    }

    @Test
    void photoGuard() {
        compare("photoguard", 14, model -> new PhotoGuard(model.autoencoder(), 5));
    }
}

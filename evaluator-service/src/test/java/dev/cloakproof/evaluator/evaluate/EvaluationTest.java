package dev.cloakproof.evaluator.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.evaluator.evaluate.Evaluation.Sample;
import dev.cloakproof.evaluator.evaluate.Scorer.Scored;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final Scorer BRIGHTNESS =
            Scorer.each(pair -> Scored.of(Metric.LIQE, 1 + pair.picture().sample(0, 0, 0) * 4 / 255.0));

    /** Rows of the paper's Table 5: LIQE and the Q printed beside it. */
    @Test
    void theScoresThatFollowFromOthers() {
        Map<Metric, Double> scores = new EnumMap<>(Metric.class);
        scores.putAll(Map.of(Metric.IMS_IP, -0.5, Metric.IMS_VGG, 0.8, Metric.LIQE, 3.313, Metric.CLIP_IQAC, 0.460));
        PictureScores.derive(scores);
        assertThat(scores.get(Metric.IMS)).isCloseTo(0.7 * -0.5 + 0.3 * 0.8, within(1e-12));
        assertThat(scores.get(Metric.Q_LIQE)).isCloseTo(0.156, within(1e-3));
        assertThat(scores.get(Metric.Q)).isCloseTo((0.1565 + 0.460) / 2, within(1e-9));
        assertThat(scores.get(Metric.AVERAGE))
                .isCloseTo((scores.get(Metric.IMS) + scores.get(Metric.Q)) / 2, within(1e-12));
        Map<Metric, Double> few = new EnumMap<>(Map.of(Metric.IMS_IP, 0.5));
        PictureScores.derive(few);
        assertThat(few).containsOnlyKeys(Metric.IMS_IP);
    }

    @Test
    void oneBadPictureNeverLosesTheOthers(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Scorer moody = Scorer.each(pair -> {
            int width = pair.picture().width();
            if (width == 2) {
                throw new ScoreException("two pixels are too few");
            }
            return new Scored(Map.of(Metric.CLIP_IQAC, width == 3 ? Double.NaN : 0.25), Optional.of(width > 1));
        });
        List<Sample> samples = List.of(
                new Sample("good", () -> flat(4, 255)),
                new Sample("text", () -> PictureReader.DEFAULT.read(text)),
                new Sample("pair", () -> flat(2, 0)),
                new Sample("nan", () -> flat(3, 51)),
                new Sample("=one", () -> flat(1, 0)));
        List<PictureScores> seen = new ArrayList<>();
        ScoreReport report = new Evaluation(List.of(BRIGHTNESS, moody)).score(samples, seen::add);
        assertThat(seen).isEqualTo(report.pictures());
        assertThat(report.pictures().get(1).problems())
                .singleElement()
                .asString()
                .isNotBlank();
        assertThat(report.pictures().get(2).problems()).containsExactly("two pixels are too few");
        assertThat(report.pictures().get(3).problems()).containsExactly("clip_iqac: expected -1.0 to 1.0, found NaN");
        assertThat(report.pictures().get(3).scores())
                .as("the other scorer went on")
                .containsKey(Metric.LIQE);
        assertThat(report.values(Metric.LIQE)).containsExactly(5, 1, 1.8, 1);
        assertThat(report.withoutFace()).isEqualTo(1);
        assertThat(report.withProblems()).isEqualTo(3);
        Interval mean = report.means(0.95, 200, 1).get(Metric.LIQE);
        assertThat(mean.mean()).isCloseTo(2.2, within(1e-12));
        assertThat(mean.count()).isEqualTo(4);
        assertThat(report.toCsv())
                .startsWith(
                        "name,face_found,liqe,clip_iqac,q,q_liqe,problems\n\"good\",true,5.000000,0.250000,0.625000,1.000000,\"\"\n")
                .contains("\"text\",,,,,,\"")
                .contains("\"'=one\",false,1.000000,");
    }

    @Test
    void aSetScoresAsItsPicturesOneByOne() {
        var evaluation = new Evaluation(List.of(BRIGHTNESS, Scorers.psnr(), Scorers.ssim()));
        List<Sample> samples = new ArrayList<>();
        // More than are in memory at once.
        for (int i = 0; i < 19; i++) {
            int level = 12 * i;
            samples.add(new Sample("p" + i, () -> flat(20, level), () -> flat(20, 220 - level)));
        }
        List<PictureScores> alone = samples.stream()
                .map(sample ->
                        evaluation.score(List.of(sample), _ -> {}).pictures().getFirst())
                .toList();
        assertThat(evaluation.score(samples, _ -> {}).pictures()).isEqualTo(alone);
        assertThat(alone.getFirst().scores()).containsKeys(Metric.LIQE, Metric.PSNR, Metric.SSIM);
    }

    @Test
    void faithfulnessNeedsPairsOfOneSize() {
        Sample sample = new Sample("a", () -> flat(20, 1));
        assertThatThrownBy(() -> Evaluation.paired(List.of(sample, sample), List.of(sample)))
                .isInstanceOf(ScoreException.class)
                .hasMessage("faithfulness compares pairs: found 2 pictures and 1 counterparts");
        var odd = new Sample("b", () -> flat(20, 1), () -> flat(21, 1));
        PictureScores row = new Evaluation(List.of(Scorers.psnr(), Scorers.multiScaleSsim()))
                .score(List.of(odd), _ -> {})
                .pictures()
                .getFirst();
        assertThat(row.problems()).hasSize(2).allMatch(problem -> problem.contains("of one size"));
        assertThatThrownBy(() -> new Evaluation(List.of()).score(List.of(), _ -> {}))
                .hasMessage("no pictures to score");
    }

    @Test
    void aMetricKnowsItsRangeAndItsBetterEnd() {
        assertThat(Metric.SSIM.check(1.00001)).isEqualTo(1);
        assertThatThrownBy(() -> Metric.LIQE.check(5.2)).hasMessage("liqe: expected 1.0 to 5.0, found 5.2");
        assertThat(Metric.LPIPS_ALEX.better()).isEqualTo(Metric.Direction.LOWER);
        assertThat(Metric.values()).allSatisfy(metric -> assertThat(metric.id()).matches("[a-z_]+"));
    }

    private static Picture flat(int side, int level) {
        byte[] rgb = new byte[3 * side * side];
        java.util.Arrays.fill(rgb, (byte) level);
        return Picture.of(side, side, rgb);
    }
}

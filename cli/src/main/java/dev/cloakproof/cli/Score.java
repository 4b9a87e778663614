package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.evaluator.evaluate.Evaluation;
import dev.cloakproof.evaluator.evaluate.Evaluation.Sample;
import dev.cloakproof.evaluator.evaluate.Interval;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.PairedTests;
import dev.cloakproof.evaluator.evaluate.PictureScores;
import dev.cloakproof.evaluator.evaluate.RunScores.PairedTest;
import dev.cloakproof.evaluator.evaluate.ScoreDocument;
import dev.cloakproof.evaluator.evaluate.ScoreReport;
import dev.cloakproof.evaluator.evaluate.ScorerSet;
import dev.cloakproof.evaluator.evaluate.ScoringNetworks;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a folder of pictures. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Scores pictures: likeness to reference pictures of the person (IMS), quality (LIQE, CLIP-IQAC), and"
                    + " faithfulness to the pictures they were made from (PSNR, SSIM, MS-SSIM, LPIPS).",
            "Writes scores.json and scores.csv. A picture that cannot be scored is reported and left out of the means;"
                    + " the exit code is then 1."
        })
final class Score implements Callable<Integer> {
    private static final double CONFIDENCE = 0.95;
    private static final int DRAWS = 2000;

    @Option(names = "--samples", required = true, description = "the pictures to score: a folder or one file")
    private Path samples;

    @Option(names = "--reference", description = "clean pictures of the same person, for the identity scores")
    private Path reference;

    @Option(names = "--original", description = "what the samples were made from, under the same names")
    private Path original;

    @Option(
            names = "--against",
            description = "another set of as many pictures, such as those of another method, to compare score by score"
                    + " (Wilcoxon's signed-rank test)")
    private Path against;

    @Option(names = "--pack", description = "a model pack, for the scores that need weights")
    private Path pack;

    @Option(names = "--out", description = "where to write the scores (default: the folder of the samples)")
    private Path out;

    @Option(names = "--class-noun", defaultValue = "person", description = "what the pictures show (${DEFAULT-VALUE})")
    private String noun;

    @Option(names = "--seed", defaultValue = "0", description = "of the confidence intervals (${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu:n (${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--json", description = "print JSON instead of the table")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (pack == null && original == null) {
            throw new IllegalArgumentException(
                    "nothing to score with: --original compares with originals, --pack has weights for the rest");
        }
        if (reference != null && pack == null) {
            throw new IllegalArgumentException("--reference needs --pack: identity is scored by networks");
        }
        SortedMap<String, Path> pictures = PictureFolder.list(samples);
        SortedMap<String, Path> others = against == null ? new TreeMap<>() : PictureFolder.list(against);
        if (against != null && others.size() != pictures.size()) {
            throw new IllegalArgumentException("--against compares pairs: " + samples + " has " + pictures.size()
                    + " pictures and " + against + " " + others.size());
        }
        List<Sample> set = set(pictures);
        List<Sample> other = set(others);
        var placement = new Placement(DType.F32, Device.of(device), false);
        try (var networks = new ScoringNetworks(Optional.ofNullable(pack).map(ModelPack::open), placement);
                var scorers =
                        ScorerSet.open(networks, EnumSet.allOf(Metric.class), references(), original != null, noun)) {
            if (scorers.scorers().isEmpty()) {
                throw new IllegalArgumentException("the pack has no weights for what was asked");
            }
            var bar = new ProgressBar(spec.commandLine().getErr(), System.console() != null, set.size() + other.size());
            var evaluation = new Evaluation(scorers.scorers());
            ScoreReport report = evaluation.score(set, row -> bar.finished(said(row)));
            Optional<Comparison> comparison = Optional.empty();
            if (against != null) {
                comparison = Optional.of(comparison(report, evaluation.score(other, row -> bar.finished(said(row)))));
            }
            write(report, scorers.missing(), comparison);
            long problems = report.withProblems()
                    + comparison.map(second -> second.report().withProblems()).orElse(0L);
            return problems == 0 ? 0 : 1;
        }
    }

    /**
     * The other set and what it differs in.
     *
     * @param paired how its pictures go with the samples, in words
     */
    private record Comparison(ScoreReport report, Map<Metric, Interval> means, List<PairedTest> tests, String paired) {}

    private Comparison comparison(ScoreReport report, ScoreReport other) {
        Map<Metric, Interval> means = other.means(CONFIDENCE, DRAWS, seed);
        Set<Metric> both = new TreeSet<>(report.means(CONFIDENCE, 1, seed).keySet());
        both.retainAll(means.keySet());
        boolean named = names(report).equals(names(other));
        return new Comparison(
                other,
                means,
                PairedTests.of(both, "samples", report, "against", other),
                named ? "by name" : "by the order of their names, which differ");
    }

    private static List<String> names(ScoreReport report) {
        return report.pictures().stream().map(PictureScores::name).toList();
    }

    /** The pictures of a folder with their originals, if there are any. */
    private List<Sample> set(SortedMap<String, Path> pictures) throws IOException {
        List<Sample> set = pictures.entrySet().stream()
                .map(entry -> sample(entry.getKey(), entry.getValue()))
                .toList();
        return original == null ? set : Evaluation.paired(set, counterparts(pictures));
    }

    private static Sample sample(String name, Path file) {
        return new Sample(name, () -> PictureReader.DEFAULT.read(file));
    }

    /** The originals in the order of the samples. */
    private List<Sample> counterparts(SortedMap<String, Path> pictures) throws IOException {
        Map<String, Path> originals = PictureFolder.list(original);
        List<String> missing = pictures.keySet().stream()
                .filter(name -> !originals.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(original + " lacks originals of " + missing);
        }
        return pictures.keySet().stream()
                .map(name -> sample(name, originals.get(name)))
                .toList();
    }

    private List<Picture> references() throws IOException {
        return reference == null
                ? List.of()
                : PictureFolder.list(reference).values().stream()
                        .map(PictureReader.DEFAULT::read)
                        .toList();
    }

    private static String said(PictureScores row) {
        return row.problems().isEmpty() ? row.name() : row.name() + ": " + String.join("; ", row.problems());
    }

    private void write(ScoreReport report, Map<Metric, String> missing, Optional<Comparison> comparison)
            throws IOException {
        Path folder = out != null
                ? out
                : Files.isDirectory(samples)
                        ? samples
                        : samples.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Map<Metric, Interval> means = report.means(CONFIDENCE, DRAWS, seed);
        ObjectNode document = ScoreDocument.of(report, means, missing);
        if (comparison.isPresent()) {
            Comparison second = comparison.get();
            ObjectNode node = ScoreDocument.of(second.report(), second.means(), Map.of());
            document.set("against", node.put("paired", second.paired()));
            document.set("tests", ScoreDocument.tests(second.tests()));
            Files.writeString(
                    folder.resolve("scores-against.csv"), second.report().toCsv());
        }
        Files.writeString(folder.resolve("scores.json"), document.toPrettyString() + "\n");
        Files.writeString(folder.resolve("scores.csv"), report.toCsv());
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            writer.println(document);
            return;
        }
        print(writer, report, means);
        missing.forEach((metric, why) -> writer.printf("%-12s not given: %s%n", metric.id(), why));
        comparison.ifPresent(second -> print(writer, means, second));
    }

    private static void print(PrintWriter writer, ScoreReport report, Map<Metric, Interval> means) {
        writer.printf("%-12s %9s %22s %6s  %s%n", "score", "mean", "95 % interval", "count", "meaning");
        means.forEach((metric, mean) -> writer.printf(
                "%-12s %9.4f %22s %6d  %s, %s is better%n",
                metric.id(),
                mean.mean(),
                "%.4f .. %.4f".formatted(mean.low(), mean.high()),
                mean.count(),
                metric.meaning(),
                metric.better() == Metric.Direction.HIGHER ? "higher" : "lower"));
        writer.printf("%d pictures without a face, %d with problems%n", report.withoutFace(), report.withProblems());
    }

    private void print(PrintWriter writer, Map<Metric, Interval> means, Comparison second) {
        writer.printf("%nAgainst %s, pictures paired %s; signed-rank test, two-sided:%n", against, second.paired());
        writer.printf("%-12s %9s %9s %10s %6s%n", "score", "samples", "against", "p", "pairs");
        for (PairedTest test : second.tests()) {
            writer.printf(
                    "%-12s %9.4f %9.4f %s%n",
                    test.metric().id(),
                    means.get(test.metric()).mean(),
                    second.means().get(test.metric()).mean(),
                    test.result()
                            .map(result -> "%10.3g %6d".formatted(result.probability(), result.pairs()))
                            .orElse(test.trouble()));
        }
        writer.printf(
                "%d pictures without a face, %d with problems%n",
                second.report().withoutFace(), second.report().withProblems());
    }
}

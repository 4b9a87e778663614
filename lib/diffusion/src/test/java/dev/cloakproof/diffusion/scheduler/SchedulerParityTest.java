package dev.cloakproof.diffusion.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.parity.Parity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code fixtures/schedulers}: whole runs on an analytic network, noising, tables of timesteps. */
@Tag(Parity.TAG)
class SchedulerParityTest {
    /**
     * The reference runs in float32; its own distance to float64 latents is up to 1.4e-6 of the largest latent. A
     * coefficient that is 0.1 % wrong misses by 1e-4.
     */
    private static final double RUN = 2e-6;

    /** Two products and a sum, rounded to float32. */
    private static final double NOISING = 3e-7;

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.folder("schedulers"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".safetensors"))
                    .map(name -> name.substring(0, name.lastIndexOf('.')))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void noCaseIsMissing() throws IOException {
        assertThat(cases()).hasSize(38);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aWholeRunGivesTheReferencesLatents(String name) throws IOException {
        JsonNode facts = facts(name);
        try (var _ = Scope.open();
                Trajectory run = begin(facts)) {
            Map<String, Tensor> tensors = tensors(name);
            Generator noise = facts.get("noise_seed").isNull()
                    ? null
                    : Generator.seeded(facts.get("noise_seed").longValue());

            Tensor latents = tensors.get("in.start");
            List<Tensor> found = new ArrayList<>();
            for (int call = 0; call < run.calls(); call++) {
                Tensor output = network(run.scale(call, latents), run.timestep(call));
                latents = run.step(call, output, latents, noise);
                found.add(latents);
            }

            // The end too: the whole run is measured by its largest latents, the noisiest ones.
            Tensor expected = tensors.get("out.latents");
            Parity.relative("scheduler " + name + " run", Tensor.stack(found, 0), expected, RUN);
            Parity.relative("scheduler " + name + " end", latents, expected.select(0, run.calls() - 1), RUN);
            Parity.exact("scheduler " + name + " timesteps", timesteps(run), numbers(facts.get("timesteps")));
            assertThat(run.initialNoise())
                    .isCloseTo(facts.get("init_noise_sigma").doubleValue(), within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noisingGivesTheReferencesLatents(String name) throws IOException {
        JsonNode facts = facts(name);
        try (var _ = Scope.open()) {
            Map<String, Tensor> tensors = tensors(name);
            Tensor original = tensors.get("in.original");
            Tensor noise = tensors.get("in.noise");
            Tensor expected = tensors.get("out.add_noise");
            Scheduler scheduler = Scheduler.of(config(facts));
            double[] run = numbers(facts.get("timesteps"));
            int[] places = {0, run.length / 3, run.length / 2, run.length - 1};

            if (inSigma(scheduler)) {
                // These have no timestep of training for a fraction: each item begins a run of its own.
                for (int item = 0; item < places.length; item++) {
                    double strength = Math.min(1, (run.length - places[item] + 0.5) / run.length);
                    try (Trajectory begun = scheduler.begin(run.length, strength)) {
                        Tensor found = begun.addNoise(original.narrow(0, item, 1), noise.narrow(0, item, 1));
                        assertThat(begun.timestep(0)).isEqualTo(run[places[item]]);
                        Parity.relative(
                                "scheduler " + name + " noising " + item, found, expected.narrow(0, item, 1), NOISING);
                    }
                }
            } else {
                long[] timesteps = tensors.get("in.noising_timesteps").toLongs();
                Tensor found = scheduler.noise().addNoise(original, noise, timesteps);
                Parity.relative("scheduler " + name + " noising", found, expected, NOISING);
                try (Trajectory begun = begin(facts)) {
                    Tensor first = begun.addNoise(original.narrow(0, 0, 1), noise.narrow(0, 0, 1));
                    Parity.relative("scheduler " + name + " beginning", first, expected.narrow(0, 0, 1), NOISING);
                }
                if (tensors.containsKey("out.velocity")) {
                    Parity.relative(
                            "scheduler " + name + " velocity",
                            scheduler.noise().velocity(original, noise, timesteps),
                            tensors.get("out.velocity"),
                            NOISING);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTablesAreTheReferences(String name) throws IOException {
        JsonNode facts = facts(name);
        Scheduler scheduler = Scheduler.of(config(facts));
        for (Map.Entry<String, JsonNode> alpha : facts.get("alphas_cumprod").properties()) {
            assertThat(scheduler.noise().alphaCumprod(Long.parseLong(alpha.getKey())))
                    .isEqualTo(alpha.getValue().floatValue());
        }
        if (inSigma(scheduler)) {
            var steps = SigmaSteps.of(
                    scheduler.noise(),
                    numbers(facts.get("timesteps")),
                    0,
                    scheduler.config().finalSigma());
            float[] expected = new float[facts.get("sigmas").size()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = facts.get("sigmas").get(i).floatValue();
            }
            Parity.exact("scheduler " + name + " sigmas", steps.sigmas(), expected);
        }
    }

    @Test
    void timestepsAreTheReferencesForEveryStepCount() {
        JsonNode rows = Fixtures.json(Fixtures.folder("schedulers").resolve("timesteps.json"));
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : rows) {
            SchedulerKind kind =
                    SchedulerKind.named(row.get("class").textValue()).orElseThrow();
            String json =
                    """
                    {"_class_name": "%s", "timestep_spacing": "%s", "steps_offset": %s, "skip_prk_steps": true}
                    """.formatted(kind.className(), row.get("timestep_spacing").textValue(), row.get("steps_offset"));
            Scheduler scheduler = Scheduler.of(SchedulerConfig.parse("row", json));
            try (Trajectory run = scheduler.begin(row.get("num_inference_steps").intValue())) {
                if (!Arrays.equals(timesteps(run), numbers(row.get("timesteps")))) {
                    wrong.add(json + " " + Arrays.toString(timesteps(run)));
                }
            }
        }
        assertThat(rows).hasSizeGreaterThan(150);
        Parity.exact("scheduler timesteps, " + rows.size() + " lists", wrong, List.of());
    }

    private static boolean inSigma(Scheduler scheduler) {
        return switch (scheduler.config().kind()) {
            case EULER, DPM_SOLVER_PLUS_PLUS_2M -> true;
            case DDPM, DDIM, PNDM -> false;
        };
    }

    private static Trajectory begin(JsonNode facts) throws IOException {
        Scheduler scheduler = Scheduler.of(config(facts));
        int steps = facts.get("num_inference_steps").intValue();
        if (facts.get("custom_timesteps").booleanValue()) {
            double[] timesteps = numbers(facts.get("timesteps"));
            return ((DdpmScheduler) scheduler)
                    .begin(Arrays.stream(timesteps).mapToLong(t -> (long) t).toArray());
        }
        double eta = facts.get("eta").doubleValue();
        return eta > 0 ? ((DdimScheduler) scheduler).begin(steps, 1, eta) : scheduler.begin(steps);
    }

    private static SchedulerConfig config(JsonNode facts) throws JsonProcessingException {
        return SchedulerConfig.parse("case", JSON.writeValueAsString(facts.get("config")));
    }

    private static JsonNode facts(String name) {
        return Fixtures.json(Fixtures.folder("schedulers").resolve(name + ".json"));
    }

    private static Map<String, Tensor> tensors(String name) {
        return Fixtures.load(Fixtures.folder("schedulers").resolve(name + ".safetensors"));
    }

    /** The reference's stand-in for a UNet: tanh(0.7 x + 0.3 sin(0.01 t)). */
    private static Tensor network(Tensor x, double timestep) {
        Tensor inner = x.mul(0.7).add((float) (0.3 * Math.sin(0.01 * timestep)));
        return Functions.tanh(inner);
    }

    private static double[] timesteps(Trajectory run) {
        return IntStream.range(0, run.calls()).mapToDouble(run::timestep).toArray();
    }

    private static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }
}

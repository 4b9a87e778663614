package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.pretraining.lesson.Course;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Parameters;
import java.nio.file.Path;
import java.time.Duration;

public final class Pretrain {
    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        try (var album = new Album(home.resolve("album"), MiniConfigs.SIDE);
                Lesson lesson = new AutoencoderLesson(
                        new Autoencoder(MiniConfigs.AUTOENCODER, Parameters.drawn(Generator.seeded(1))),
                        album,
                        Plan.cosine(1.5e-3, Long.parseLong(args[2]), 0.999),
                        16);
                var course = new Course(args[1], lesson, 1, home.resolve(args[1]))) {
            course.run(
                    Duration.ofMinutes(3),
                    250,
                    () -> false,
                    (step, steps, seconds, parts) ->
                            System.out.printf("%d/%d %.2f s a step %s%n", step, steps, seconds / 20, parts));
        }
    }
}

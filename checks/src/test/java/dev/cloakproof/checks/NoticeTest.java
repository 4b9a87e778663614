package dev.cloakproof.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every library that some module brings along stands in NOTICE with its licence. */
class NoticeTest {
    @Test
    void everyLibraryOnTheClassPathIsNamed() throws IOException {
        List<String> notice = Files.readAllLines(Path.of("..", "NOTICE"));
        List<Path> jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                // Ours lie in target folders.
                .filter(jar -> !jar.getParent().endsWith("target"))
                .toList();
        assertTrue(jars.size() > 10, "found only " + jars);
        List<String> missing = jars.stream()
                // A Maven repository keeps them as group/artifact/version/file.
                .map(jar -> jar.getParent().getParent().getFileName().toString())
                .filter(artifact ->
                        notice.stream().noneMatch(line -> line.matches("  [\\w.-]+:" + artifact + "  \\S.*")))
                .sorted()
                .toList();
        assertEquals(List.of(), missing);
    }
}

package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real HTTP server that can be made to fail. */
class DownloadTest {
    private static final byte[] WEIGHTS = new byte[300_000];

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    private Path folder;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private HttpServer server;
    /** Bytes after which a connection ends; once for each entry. */
    private final List<Integer> cuts = new CopyOnWriteArrayList<>();

    private boolean knowsRanges = true;
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/weights", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        int until = cuts.isEmpty() ? WEIGHTS.length : Math.min(WEIGHTS.length, from + cuts.removeFirst());
        if (status != 200) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, WEIGHTS.length - from);
            exchange.getResponseBody().write(WEIGHTS, from, until - from);
        }
        exchange.close();
    }

    private PullManifest.Item item(String sha256) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/weights");
        return new PullManifest.Item("unet/weights", WEIGHTS.length, sha256, url);
    }

    private static String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(WEIGHTS));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path fetch(String sha256) {
        Path target = folder.resolve("pack/unet/weights");
        try (Download download = new Download()) {
            download.fetch(item(sha256), target, _ -> {});
        }
        return target;
    }

    @Test
    void aFileComesWholeAndOnce() throws IOException {
        assertThat(fetch(sha256())).hasBinaryContent(WEIGHTS);
        fetch(sha256());
        assertThat(ranges).containsExactly("null");
    }

    @Test
    void aConnectionThatEndsIsTakenUpWhereItEnded() throws IOException {
        cuts.addAll(List.of(100_000, 50_000));
        assertThat(fetch(sha256())).hasBinaryContent(WEIGHTS);
        assertThat(ranges).hasSize(3).first().isEqualTo("null");
        assertThat(ranges.get(2)).matches("bytes=\\d{5,6}-");
    }

    @Test
    void aLaterPullGoesOnToo() throws IOException {
        Path partial = folder.resolve("pack/unet/weights.part");
        Files.createDirectories(partial.getParent());
        Files.write(partial, Arrays.copyOf(WEIGHTS, 200_000));
        assertThat(fetch(sha256())).hasBinaryContent(WEIGHTS);
        assertThat(ranges).containsExactly("bytes=200000-");
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws IOException {
        knowsRanges = false;
        cuts.add(100_000);
        assertThat(fetch(sha256())).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anotherFileIsRefusedAndNotKept() {
        assertThatThrownBy(() -> fetch("0".repeat(64)))
                .isInstanceOf(LocalException.class)
                .hasMessageContaining("expected SHA-256 " + "0".repeat(64));
        assertThat(folder.resolve("pack/unet")).isEmptyDirectory();
    }

    @Test
    void whatTheServerRefusesIsTold() {
        status = 403;
        assertThatThrownBy(() -> fetch(sha256())).hasMessageContaining("403").hasMessageContaining("login");
    }

    @Test
    void aPackIsPulledWhenItsLicencesAreAccepted() throws IOException {
        Path manifest = folder.resolve("tiny.pull.json");
        Files.writeString(manifest, """
                {"name": "tiny", "licences": ["none at all"], "components": {"diffusion": {
                  "family": "stable-diffusion", "path": "unet", "licence": "none", "files": [
                    {"path": "unet/weights", "bytes": %d, "sha256": "%s", "url": "%s"}]}}}
                """.formatted(WEIGHTS.length, sha256(), item("").url()));
        StringWriter said = new StringWriter();
        String home = folder.resolve("home").toString();
        int code = Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute("--home", home, "models", "pull", manifest.toString(), "--accept-licence");
        assertThat(code).as(said.toString()).isZero();
        assertThat(folder.resolve("home/packs/tiny/unet/weights")).hasBinaryContent(WEIGHTS);
        code = Main.commandLine().setOut(new PrintWriter(said)).execute("--home", home, "models", "verify", "tiny");
        assertThat(code).isZero();
        assertThat(said.toString()).contains("tiny: every file is right");

        Files.write(folder.resolve("home/packs/tiny/unet/weights"), new byte[WEIGHTS.length]);
        code = Main.commandLine().setOut(new PrintWriter(said)).execute("--home", home, "models", "verify", "tiny");
        assertThat(code).isEqualTo(1);
    }
}

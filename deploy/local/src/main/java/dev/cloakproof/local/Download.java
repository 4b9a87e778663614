package dev.cloakproof.local;

import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Downloads a file into a partial one beside it, goes on where an earlier try stopped, and gives it its name when its
 * SHA-256 is right.
 *
 * <p>Proxies are those of the system properties ({@code https.proxyHost} ...), which the launcher sets from
 * {@code https_proxy} and its like.
 */
final class Download implements AutoCloseable {
    private static final int TRIES = 4;

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .proxy(ProxySelector.getDefault())
            .build();

    /**
     * @param told how many bytes are there, now and then
     * @throws LocalException if it cannot be had or is another file; what was downloaded of the right one stays
     */
    void fetch(PullManifest.Item item, Path target, LongConsumer told) {
        try {
            if (Files.isRegularFile(target) && isRight(target, item)) {
                told.accept(item.bytes());
                return;
            }
            Files.createDirectories(target.getParent());
            Path partial = target.resolveSibling(target.getFileName() + ".part");
            for (int tried = 1; ; tried++) {
                try {
                    append(item, partial, told);
                    break;
                } catch (IOException interrupted) {
                    if (tried == TRIES) {
                        throw interrupted;
                    }
                }
            }
            if (!isRight(partial, item)) {
                String found = ModelPack.sha256(partial);
                Files.delete(partial); // going on with it would never help
                throw new LocalException(item.url() + ": expected SHA-256 " + item.sha256() + ", found " + found);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LocalException(
                    item.url() + " cannot be downloaded: " + e.getMessage()
                            + "; the next pull goes on where this stopped",
                    e);
        }
    }

    private static boolean isRight(Path file, PullManifest.Item item) throws IOException {
        return Files.size(file) == item.bytes() && ModelPack.sha256(file).equals(item.sha256());
    }

    private void append(PullManifest.Item item, Path partial, LongConsumer told) throws IOException {
        long there = Files.exists(partial) ? Files.size(partial) : 0;
        if (there > item.bytes()) {
            Files.delete(partial);
            there = 0;
        }
        if (there == item.bytes()) {
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(item.url());
        if (there > 0) {
            request.header("Range", "bytes=" + there + "-");
        }
        HttpResponse<InputStream> response = send(request.build());
        // A server that knows no ranges sends all again.
        boolean goesOn = response.statusCode() == 206;
        if (!goesOn && response.statusCode() != 200) {
            response.body().close();
            throw new LocalException(item.url() + ": the server answers " + response.statusCode()
                    + (response.statusCode() == 401 || response.statusCode() == 403
                            ? "; the weights may need a login, then download them by hand into the pack's folder"
                            : ""));
        }
        try (InputStream in = response.body();
                var out = Files.newOutputStream(
                        partial,
                        StandardOpenOption.CREATE,
                        goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long count = goesOn ? there : 0;
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                count += read;
                told.accept(count);
                if (count > item.bytes()) {
                    break; // another file; the hash says so
                }
            }
            if (count < item.bytes()) {
                throw new IOException("the connection ended after " + count + " of " + item.bytes() + " bytes");
            }
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}

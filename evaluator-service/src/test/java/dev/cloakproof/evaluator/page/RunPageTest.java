package dev.cloakproof.evaluator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.evaluator.IndexDatabase;
import dev.cloakproof.evaluator.TinyPack;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.v1.WorkState;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser, of a run that the real stage scored; screenshots lie in target/pages. */
@QuarkusTest
@QuarkusTestResource(EventLine.class)
@QuarkusTestResource(IndexDatabase.class)
@TestProfile(RunPageTest.Packed.class)
class RunPageTest {
    public static final class Packed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Path packs = Path.of("target", "packs");
            TinyPack.write(packs);
            return Map.of("cloakproof.packs.folder", packs.toString());
        }
    }

    /** Text whose contrast with what is behind it is below 4.5 : 1 (WCAG AA). */
    private static final String FAINT_TEXT = """
            (() => {
              const part = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
              const light = c => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
              const colour = text => text.match(/[\\d.]+/g).map(Number);
              const ground = node => {
                for (let n = node; n; n = n.parentElement) {
                  const c = colour(getComputedStyle(n).backgroundColor);
                  if (c.length === 3 || c[3] === 1) return c;
                }
                return [255, 255, 255];
              };
              const faint = [];
              for (const node of document.querySelectorAll('main *')) {
                const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
                if (!own || node.closest('svg, option, .tag')) continue;
                const a = light(colour(getComputedStyle(node).color)), b = light(ground(node));
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) faint.push(node.tagName + '.' + node.className + ' ' + ratio.toFixed(2));
              }
              return faint.join('; ');
            })()""";

    /** The picture that a visitor sees a quarter from the left of the first comparison. */
    private static final String SEEN_LEFT = """
            (() => {
              const compare = document.querySelector('.compare');
              compare.scrollIntoView({block: 'center'});
              const box = compare.querySelector('img').getBoundingClientRect();
              return document.elementFromPoint(box.left + box.width * 0.25, box.top + box.height / 2).alt;
            })()""";

    private static final String STICKS_OUT =
            "[...document.querySelectorAll('*')].filter(n => n.getBoundingClientRect().right > 391)"
                    + ".map(n => n.tagName + '.' + n.className).join(' ')";

    private static final int TAB = 9;
    private static final int RIGHT = 39;

    @Inject
    EventPublisher publisher;

    @Inject
    BlobStore blobs;

    @Inject
    RunIndex index;

    @TestHTTPResource
    URI http;

    @TempDir
    Path folder;

    /** One for all tests: it is only looked at. */
    private static ShownRun finished;

    private Browser browser() throws Exception {
        assumeTrue(
                Browser.executable().isPresent(), "SKIPPED: no Chromium on this machine, the pages are not looked at");
        return new Browser(Browser.executable().orElseThrow());
    }

    private ShownRun finished() {
        if (finished != null) {
            return finished;
        }
        var run = new ShownRun(blobs, "s-" + UUID.randomUUID());
        List.of(run.received(), run.purified(), run.trained(), run.sampled()).forEach(publisher::publish);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> index.get(run.id)
                        .filter(known -> known.getState() == WorkState.WORK_STATE_SUCCEEDED)
                        .isPresent());
        finished = run;
        return run;
    }

    private URI page(String path) {
        return http.resolve(path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page(path)).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void aLivePageFollowsItsRunToTheEnd() throws Exception {
        var run = new ShownRun(blobs, "s-" + UUID.randomUUID());
        publisher.publish(run.received());
        await().until(() -> index.get(run.id).isPresent());
        try (Browser browser = browser()) {
            browser.window(1200, 900, false, false);
            browser.open(page("/runs/" + run.id));
            assertThat(browser.run("document.querySelector('.status .state').textContent")
                            .asText())
                    .isEqualTo("queued");
            browser.run("window.stayed = true");
            publisher.publish(run.purified());
            for (int step = 1; step <= 48; step++) {
                publisher.publish(run.training(step));
            }
            browser.await("document.querySelector('progress')?.value === 48");
            assertThat(browser.run("window.stayed").asBoolean())
                    .as("without a reload")
                    .isTrue();
            assertThat(browser.run("document.getElementById('said').textContent")
                            .asText())
                    .isEqualTo("Train is at work.");
            assertThat(browser.accessibility())
                    .anyMatch(node ->
                            node.startsWith("progressbar: Train") || node.startsWith("ProgressIndicator: Train"));
            browser.await("document.querySelector('svg .curve') !== null");
            browser.await("document.querySelectorAll('.compare.overlaid').length === 3");
            assertThat(browser.run("window.stayed").asBoolean()).isTrue();
            browser.photograph(Path.of("target", "pages", "live.png"));
            publisher.publish(run.trained());
            publisher.publish(run.sampled());
            browser.await("document.querySelector('.status .state')?.textContent === 'succeeded'"
                    + " && document.getElementById('scores') !== null");
            assertThat(browser.run("window.stayed === undefined").asBoolean())
                    .as("reloaded at the end")
                    .isTrue();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aFinishedRunIsWholeOnADeskAndOnAPhone() throws Exception {
        ShownRun run = finished();
        try (Browser browser = browser()) {
            browser.window(1200, 900, false, false);
            browser.open(page("/runs/" + run.id));
            checkWhole(browser);
            assertThat(browser.run(FAINT_TEXT).asText()).as("light").isEmpty();
            browser.photograph(Path.of("target", "pages", "desk-light.png"));
            browser.window(1200, 900, false, true);
            assertThat(browser.run(FAINT_TEXT).asText()).as("dark").isEmpty();
            browser.photograph(Path.of("target", "pages", "desk-dark.png"));
            for (String dark : List.of("", "-dark")) {
                browser.window(390, 844, true, !dark.isEmpty());
                assertThat(browser.run("document.documentElement.scrollWidth").asInt())
                        .as("nothing sticks out on a phone: %s", browser.run(STICKS_OUT))
                        .isLessThanOrEqualTo(390);
                browser.photograph(Path.of("target", "pages", "phone" + dark + ".png"));
            }
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.requests())
                    .as("nothing comes from elsewhere")
                    .allMatch(address ->
                            address.startsWith(http.resolve("/").toString()) || address.equals("about:blank"));

            browser.window(1200, 900, false, false);
            browser.open(page("/runs?subject=" + run.subject));
            assertThat(browser.run("document.querySelectorAll('tbody tr').length")
                            .asInt())
                    .isEqualTo(1);
            browser.photograph(Path.of("target", "pages", "runs.png"));
        }
    }

    /** Pictures below the fold load when they come near. */
    private static void loadAll(Browser browser) {
        browser.run("document.querySelectorAll('img').forEach(i => i.loading = 'eager')");
        browser.await("[...document.images].every(i => i.complete)");
    }

    private static void checkWhole(Browser browser) {
        for (String section : List.of("scores", "pairs", "samples", "curve", "mismatch", "parameters", "files")) {
            assertThat(browser.run("document.getElementById('" + section + "') !== null")
                            .asBoolean())
                    .as(section)
                    .isTrue();
        }
        loadAll(browser);
        assertThat(browser.run("[...document.images].filter(i => !i.naturalWidth || !i.alt).length")
                        .asInt())
                .isZero();
        assertThat(browser.run("document.images.length").asInt()).isEqualTo(12);
        assertThat(browser.run("document.querySelector('h1 ~ p img, [onerror]') === null")
                        .asBoolean())
                .as("names are text")
                .isTrue();

        // By keyboard: first the way past the header, later a slider.
        browser.run("document.body.focus()");
        browser.press("Tab", TAB);
        assertThat(browser.run("document.activeElement.textContent").asText()).isEqualTo("Skip to content");
        browser.run("document.querySelector('.compare input').focus()");
        browser.press("ArrowRight", RIGHT);
        browser.await("document.querySelector('.compare').style.getPropertyValue('--cut') === '51%'");
        assertThat(browser.run(SEEN_LEFT).asText()).isEqualTo("Protected picture portrait-0.png");
        assertThat(browser.run(SEEN_LEFT.replace("0.25", "0.75")).asText())
                .isEqualTo("Purified picture portrait-0.png");

        assertThat(browser.accessibility())
                .contains("heading: Scores", "heading: Latent mismatch", "region: Scores", "columnheader: samples")
                .contains("slider: How much of portrait-0.png is shown as it was before purification, in percent")
                .anyMatch(node -> node.matches("(image|img): loss by step: from .* to .*"))
                .anyMatch(node -> node.startsWith("image: Drawn for \"a photo of sks person\" with seed 40")
                        || node.startsWith("img: Drawn for \"a photo of sks person\" with seed 40"));
        JsonNode levels = browser.run("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])");
        for (int i = 1; i < levels.size(); i++) {
            assertThat(levels.get(i).asInt() - levels.get(i - 1).asInt())
                    .as("no level of headings is left out")
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void theReportIsThePageInOneFile() throws Exception {
        ShownRun run = finished();
        HttpResponse<String> report = get("/runs/" + run.id + "/report.html");
        assertThat(report.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("attachment");
        Path file = Files.writeString(folder.resolve("report.html"), report.body());
        try (Browser browser = browser()) {
            browser.window(1200, 900, false, false);
            browser.open(file.toUri());
            loadAll(browser);
            assertThat(browser.run("[...document.images].filter(i => !i.naturalWidth).length")
                            .asInt())
                    .isZero();
            assertThat(browser.run("document.images.length").asInt()).isEqualTo(12);
            assertThat(browser.run("document.querySelectorAll('.compare.overlaid').length")
                            .asInt())
                    .isEqualTo(3);
            assertThat(browser.run(
                                    "document.querySelector('#scores') !== null && document.querySelectorAll('svg.plot').length")
                            .asInt())
                    .isEqualTo(2);
            assertThat(browser.run("document.querySelector('.status .state').textContent")
                            .asText())
                    .isEqualTo("succeeded");
            assertThat(browser.run("document.body.textContent.includes('learning rate')")
                            .asBoolean())
                    .isTrue();
            assertThat(browser.requests())
                    .allMatch(address -> address.startsWith("file:") || address.startsWith("data:"));
            assertThat(browser.complaints()).isEmpty();
            browser.photograph(Path.of("target", "pages", "report.png"));
        }
    }

    @Test
    void whatIsNotThereOrNotTheRunsIsNotShown() throws Exception {
        ShownRun run = finished();
        HttpResponse<String> page = get("/runs/" + run.id);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).doesNotContain("<img src=x").contains("&lt;img src=x onerror");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        String foreign = blobs.put(
                        "no picture of this run".getBytes(java.nio.charset.StandardCharsets.UTF_8), "image/png")
                .sha256();
        assertThat(get("/runs/" + run.id + "/pictures/" + foreign).statusCode()).isEqualTo(404);
        assertThat(get("/runs/none").statusCode()).isEqualTo(404);
        assertThat(get("/runs/none").body()).contains("NOT_FOUND");
        long revision = index.revisions(List.of(run.id)).get(run.id);
        assertThat(get("/runs/" + run.id + "/live?revision=" + revision).statusCode())
                .isEqualTo(204);
        assertThat(get("/runs/" + run.id + "/live").headers().firstValue("Final"))
                .contains("true");
        assertThat(get("/runs/" + run.id + "/scores.json").body()).contains("\"format\" : 1");
    }
}

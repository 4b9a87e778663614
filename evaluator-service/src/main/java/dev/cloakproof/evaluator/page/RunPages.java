package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cloakproof.evaluator.index.Kept;
import dev.cloakproof.evaluator.index.RunFilter;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.evaluator.index.RunPosition;
import dev.cloakproof.evaluator.index.RunStates;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.WorkState;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The web pages: the list of runs, and one run. They show and change nothing. */
@Path("/")
@Blocking
@Singleton
public class RunPages {
    private static final int PAGE = 50;
    private static final Set<String> PICTURES = Set.of("image/png", "image/jpeg", "image/webp");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunIndex index;
    private final BlobStore blobs;
    private final CurveReader curves;
    private final Retention retention;
    private final Template runs;
    private final Template run;
    private final Template live;

    RunPages(
            RunIndex index,
            BlobStore blobs,
            CurveReader curves,
            Retention retention,
            @Location("runs.html") Template runs,
            @Location("run.html") Template run,
            @Location("live.html") Template live) {
        this.index = index;
        this.blobs = blobs;
        this.curves = curves;
        this.retention = retention;
        this.runs = runs;
        this.run = run;
        this.live = live;
    }

    @GET
    public Response home() {
        return Response.seeOther(URI.create("/runs")).build();
    }

    /** @param before id of the last run of the page before */
    @GET
    @Path("runs")
    public Response runs(
            @QueryParam("subject") @DefaultValue("") String subject,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("before") @DefaultValue("") String before) {
        var filter = new RunFilter(
                Optional.of(subject.strip()).filter(text -> !text.isEmpty()),
                Arrays.stream(WorkState.values())
                        .filter(known -> known != WorkState.UNRECOGNIZED
                                && Texts.state(known).equals(state))
                        .findAny());
        Optional<RunPosition> after =
                Optional.of(before).filter(id -> !id.isEmpty()).map(this::find).map(RunPosition::of);
        List<Run> found = index.list(filter, after, PAGE + 1);
        return html(runs.data("runs", found.stream().limit(PAGE).map(RunRow::of).toList())
                .data("older", found.size() > PAGE ? older(subject, state, found.get(PAGE - 1)) : "")
                .data("subject", subject)
                .data("state", state)
                .data("states", List.of("queued", "running", "stopping", "succeeded", "failed", "cancelled"))
                .render());
    }

    private static String older(String subject, String state, Run last) {
        return "/runs?subject=" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "&state="
                + URLEncoder.encode(state, StandardCharsets.UTF_8) + "&before=" + RunStates.id(last);
    }

    @GET
    @Path("runs/{id}")
    public Response run(@PathParam("id") String id) {
        Run found = find(id);
        return html(run.data("view", RunViews.of(known(found)))
                .data("hasReport", found.hasReport())
                .render());
    }

    /** The changing part of a page, or 204 if nothing changed since a revision. */
    @GET
    @Path("runs/{id}/live")
    public Response live(@PathParam("id") String id, @QueryParam("revision") @DefaultValue("-1") long seen) {
        Run found = find(id);
        long revision = revision(id);
        if (revision == seen) {
            return Response.noContent().build();
        }
        RunView view = RunViews.of(known(found));
        return Response.fromResponse(html(live.data("view", view).render()))
                .header("Revision", revision)
                .header("Parts", view.parts())
                .header("Final", !view.live())
                .build();
    }

    @GET
    @Path("runs/{id}/pictures/{sha256}")
    public Response picture(@PathParam("id") String id, @PathParam("sha256") String sha256) {
        Run found = find(id);
        BlobReference blob = Stream.of(
                        found.getProtectedPicturesList(),
                        found.getPurifiedPicturesList(),
                        found.getSampledPicturesList(),
                        found.getReferencePicturesList())
                .flatMap(List::stream)
                .map(PictureReference::getBlob)
                .filter(one -> one.getSha256().equals(sha256) && PICTURES.contains(one.getMediaType()))
                .findFirst()
                .orElseThrow(() -> Reason.NOT_FOUND
                        .problem("expected a picture of the run, found another hash")
                        .exception());
        return Response.ok(blobs.get(References.blob(blob)), blob.getMediaType())
                .header("Cache-Control", "private, max-age=31536000, immutable")
                .build();
    }

    @GET
    @Path("runs/{id}/report.html")
    public Response report(@PathParam("id") String id) {
        Run found = find(id);
        if (!found.hasReport()) {
            throw Reason.NOT_FOUND
                    .problem("expected a run that was evaluated, found none yet")
                    .exception();
        }
        // A file of its own: it brings its own policy.
        return Response.ok(blobs.get(References.blob(found.getReport())), MediaType.TEXT_HTML + ";charset=UTF-8")
                .header("Content-Disposition", "attachment; filename=\"cloakproof-" + id + ".html\"")
                .build();
    }

    @GET
    @Path("runs/{id}/scores.json")
    public Response scores(@PathParam("id") String id) {
        find(id);
        BlobReference document = index.evaluated(id)
                .map(RunEvaluated::getScoresJson)
                .orElseThrow(() -> Reason.NOT_FOUND
                        .problem("expected a run that was evaluated, found none yet")
                        .exception());
        return Response.ok(blobs.get(References.blob(document)), MediaType.APPLICATION_JSON)
                .build();
    }

    private RunViews.Known known(Run found) {
        String id = RunStates.id(found);
        return new RunViews.Known(
                Kept.dated(found, retention),
                revision(id),
                index.samples(id).map(ImagesSampled::getSamplesList).orElse(List.of()),
                document(id),
                curves.loss(id),
                picture -> "/runs/" + id + "/pictures/" + picture.getBlob().getSha256());
    }

    private JsonNode document(String id) {
        Optional<RunEvaluated> evaluated = index.evaluated(id);
        if (evaluated.isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(blobs.get(References.blob(evaluated.get().getScoresJson())));
        } catch (CloakproofException | IOException gone) {
            return MissingNode.getInstance(); // deleted by the retention
        }
    }

    private long revision(String id) {
        return index.revisions(List.of(id)).getOrDefault(id, 0L);
    }

    private Run find(String id) {
        return index.get(id)
                .orElseThrow(() -> Reason.NOT_FOUND
                        .problem("expected a run that is known, found none of the name runs/" + id)
                        .exception());
    }

    private static Response html(String page) {
        return Response.ok(page, MediaType.TEXT_HTML + ";charset=UTF-8")
                .header("Cache-Control", "no-store")
                .build();
    }
}

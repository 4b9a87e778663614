package dev.cloakproof.purifier.grpc;

import dev.cloakproof.inference.GRPCInferenceServiceGrpc;
import dev.cloakproof.inference.ModelInferRequest;
import dev.cloakproof.inference.ModelInferResponse;
import dev.cloakproof.inference.ModelMetadataRequest;
import dev.cloakproof.inference.ModelMetadataResponse;
import dev.cloakproof.inference.ModelReadyRequest;
import dev.cloakproof.inference.ModelReadyResponse;
import dev.cloakproof.inference.ServerLiveRequest;
import dev.cloakproof.inference.ServerLiveResponse;
import dev.cloakproof.inference.ServerMetadataRequest;
import dev.cloakproof.inference.ServerMetadataResponse;
import dev.cloakproof.inference.ServerReadyRequest;
import dev.cloakproof.inference.ServerReadyResponse;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.purifier.config.PurifierConfig;
import dev.cloakproof.purifier.work.LoadedPacks;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.service.grpc.Calls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The Open Inference Protocol, by which clients of Triton or KServe purify: a model is a purification method, or a
 * chain, and its version a model pack. Another way to the queue of {@link PurificationEndpoint}, under the same limits
 * and with the same errors. Nothing here blocks.
 */
@GrpcService
class InferenceEndpoint extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final InferencePlans plans;
    private final Submissions submissions;
    private final Responses responses;
    private final LoadedPacks packs;
    private final Purifications purifications;
    private final int mostPictures;
    private final String name;
    private final String version;

    InferenceEndpoint(
            InferencePlans plans,
            Submissions submissions,
            Responses responses,
            LoadedPacks packs,
            Purifications purifications,
            PurifierConfig config,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.plans = plans;
        this.submissions = submissions;
        this.responses = responses;
        this.packs = packs;
        this.purifications = purifications;
        this.mostPictures = config.queue().capacity();
        this.name = name;
        this.version = version;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> answers) {
        Calls.answer(
                answers, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> answers) {
        Calls.answer(
                answers,
                () -> ServerReadyResponse.newBuilder()
                        .setReady(purifications.open())
                        .build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answers) {
        Calls.answer(
                answers,
                () -> ServerMetadataResponse.newBuilder()
                        .setName(name)
                        .setVersion(version)
                        .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answers) {
        Calls.answer(
                answers,
                () -> ModelReadyResponse.newBuilder()
                        .setReady(purifications.open() && runs(request.getName(), request.getVersion()))
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answers) {
        Calls.answer(answers, () -> {
            plans.of(request.getName(), request.getVersion(), Map.of());
            return ModelMetadataResponse.newBuilder()
                    .setName(request.getName())
                    .addAllVersions(packs.names().stream()
                            .filter(pack -> runs(request.getName(), pack))
                            .toList())
                    .setPlatform("cloakproof")
                    .addInputs(InferenceInput.METADATA)
                    .addAllOutputs(InferenceOutputs.METADATA)
                    .build();
        });
    }

    private boolean runs(String method, String pack) {
        try {
            plans.of(method, pack, Map.of());
            return true;
        } catch (CloakproofException none) {
            return false;
        }
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
        try {
            Plan plan = plans.of(request.getModelName(), request.getModelVersion(), request.getParametersMap());
            Set<String> outputs = InferenceOutputs.wanted(request);
            InferenceInput given = InferenceInput.read(request, mostPictures);
            AllOrNone<InferredPicture> pictures = submit(given, plan);
            ((ServerCallStreamObserver<ModelInferResponse>) answers).setOnCancelHandler(pictures::stop);
            pictures.all().whenComplete((purified, failure) -> {
                if (failure == null) {
                    Calls.answer(answers, () -> InferenceOutputs.write(request, plan, given, outputs, purified));
                } else {
                    Calls.fail(answers, failure);
                }
            });
        } catch (RuntimeException e) {
            Calls.fail(answers, e);
        }
    }

    private AllOrNone<InferredPicture> submit(InferenceInput given, Plan plan) {
        return AllOrNone.of(
                given.pictures(),
                picture -> submissions.submit(picture, plan, Calls.deadline(), delivery -> {
                    if (given.encoded()) {
                        return InferredPicture.file(responses.of("", picture, plan, delivery), delivery);
                    }
                    return InferredPicture.samples(responses.record(picture, plan, delivery), delivery);
                }));
    }
}

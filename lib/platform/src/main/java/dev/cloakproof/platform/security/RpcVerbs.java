package dev.cloakproof.platform.security;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/** Which verb each call of our services is. A call that is not named here is allowed to nobody. */
public final class RpcVerbs {
    private static final Map<String, Verb> VERBS = Map.ofEntries(
            entry("PurificationService/Purify", Verb.PURIFY),
            entry("PurificationService/PurifyBatch", Verb.PURIFY),
            entry("PurificationService/ListPurificationMethods", Verb.VIEW),
            entry("UploadService/CreateUpload", Verb.UPLOAD),
            entry("TrainingService/CreateTraining", Verb.TRAIN),
            entry("TrainingService/GetTraining", Verb.VIEW),
            entry("TrainingService/ListTrainings", Verb.VIEW),
            entry("TrainingService/WatchTraining", Verb.VIEW),
            entry("TrainingService/CancelTraining", Verb.CANCEL),
            entry("ProtectionService/CreateProtection", Verb.PROTECT),
            entry("ProtectionService/GetProtection", Verb.VIEW),
            entry("ProtectionService/ListProtections", Verb.VIEW),
            entry("ProtectionService/WatchProtection", Verb.VIEW),
            entry("ProtectionService/CancelProtection", Verb.CANCEL),
            entry("ProtectionService/ListProtectionMethods", Verb.VIEW),
            entry("SamplingService/Sample", Verb.SAMPLE),
            entry("EvaluationService/Evaluate", Verb.EVALUATE),
            entry("EvaluationService/ListMetrics", Verb.VIEW),
            entry("RunService/GetRun", Verb.VIEW),
            entry("RunService/ListRuns", Verb.VIEW),
            entry("RunService/WatchRun", Verb.VIEW),
            entry("RunService/CancelRun", Verb.CANCEL),
            entry("RunService/DeleteRun", Verb.DELETE),
            entry("RunService/DeleteSubject", Verb.DELETE),
            entry("ModelService/ListPacks", Verb.VIEW));

    private static final Map<String, Verb> INFERENCE = Map.of(
            "ServerLive", Verb.VIEW,
            "ServerReady", Verb.VIEW,
            "ModelReady", Verb.VIEW,
            "ServerMetadata", Verb.VIEW,
            "ModelMetadata", Verb.VIEW,
            "ModelInfer", Verb.PURIFY);

    private RpcVerbs() {}

    /**
     * The verb of a call.
     *
     * @param method gRPC's full name, such as {@code cloakproof.v1.RunService/GetRun}
     */
    public static Optional<Verb> of(String method) {
        String ours = "cloakproof.v1.";
        String inference = "inference.GRPCInferenceService/";
        if (method.startsWith(inference)) {
            return Optional.ofNullable(INFERENCE.get(method.substring(inference.length())));
        }
        return method.startsWith(ours)
                ? Optional.ofNullable(VERBS.get(method.substring(ours.length())))
                : Optional.empty();
    }
}

package dev.cloakproof.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.inference.GRPCInferenceServiceGrpc;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.EvaluationServiceGrpc;
import dev.cloakproof.v1.ModelServiceGrpc;
import dev.cloakproof.v1.ProtectionServiceGrpc;
import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.RunServiceGrpc;
import dev.cloakproof.v1.SamplingServiceGrpc;
import dev.cloakproof.v1.TrainingServiceGrpc;
import dev.cloakproof.v1.UploadServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RpcVerbsTest {
    private static final Stream<ServiceDescriptor> SERVICES = Stream.of(
            PurificationServiceGrpc.getServiceDescriptor(),
            UploadServiceGrpc.getServiceDescriptor(),
            TrainingServiceGrpc.getServiceDescriptor(),
            ProtectionServiceGrpc.getServiceDescriptor(),
            SamplingServiceGrpc.getServiceDescriptor(),
            EvaluationServiceGrpc.getServiceDescriptor(),
            RunServiceGrpc.getServiceDescriptor(),
            ModelServiceGrpc.getServiceDescriptor(),
            GRPCInferenceServiceGrpc.getServiceDescriptor());

    @Test
    void everyCallOfTheContractsHasAVerb() {
        assertThat(SERVICES.flatMap(service -> service.getMethods().stream()).map(MethodDescriptor::getFullMethodName))
                .hasSize(31)
                .allSatisfy(method -> assertThat(RpcVerbs.of(method)).isPresent());
    }

    @Test
    void aCallThatNobodyKnowsHasNone() {
        assertThat(RpcVerbs.of("cloakproof.v1.RunService/Explode")).isEmpty();
        assertThat(RpcVerbs.of("other.RunService/GetRun")).isEmpty();
    }

    @Test
    void eachVerbNeedsItsOwnRole() {
        Caller anna = new Caller("anna", Set.of("cloakproof-view", "cloakproof-purify"));

        assertThatCode(() -> anna.require(Verb.PURIFY)).doesNotThrowAnyException();
        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(() -> anna.require(Verb.DELETE))
                .withMessageContaining("expected the role cloakproof-delete")
                .returns(Reason.ROLE_MISSING, CloakproofException::reason);
    }
}

package dev.cloakproof.service.models;

import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.service.packs.InMemory;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.pack.Component;
import dev.cloakproof.tensor.pack.Component.PackFile;
import dev.cloakproof.v1.ListPacksRequest;
import dev.cloakproof.v1.ListPacksResponse;
import dev.cloakproof.v1.ModelServiceGrpc;
import dev.cloakproof.v1.Pack;
import dev.cloakproof.v1.PackComponent;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lists the packs of whichever service this is. */
@GrpcService
public class ModelEndpoint extends ModelServiceGrpc.ModelServiceImplBase {
    private final Packs packs;
    private final Instance<InMemory> memory;

    ModelEndpoint(Packs packs, Instance<InMemory> memory) {
        this.packs = packs;
        this.memory = memory;
    }

    @Override
    public void listPacks(ListPacksRequest request, StreamObserver<ListPacksResponse> answers) {
        Calls.answer(answers, () -> {
            Map<String, Pack> all = new TreeMap<>();
            packs.all().forEach(pack -> all.put(pack.name(), whole(pack)));
            packs.damaged()
                    .forEach((name, _) ->
                            all.put(name, Pack.newBuilder().setName(name).build()));
            return ListPacksResponse.newBuilder().addAllPacks(all.values()).build();
        });
    }

    private Pack whole(ServicePack pack) {
        Pack.Builder message = Pack.newBuilder()
                .setName(pack.name())
                .setManifestSha256(pack.manifestSha256())
                .setComplete(true)
                .setDefaultPack(packs.standard().filter(pack.name()::equals).isPresent())
                .setPictureSide(pack.pictureSide());
        new TreeMap<>(pack.pack().components())
                .forEach((name, component) -> message.addComponents(component(pack.name(), name, component)));
        return message.build();
    }

    private PackComponent component(String pack, String name, Component component) {
        return PackComponent.newBuilder()
                .setComponent(name)
                .setSha256(hash(component))
                .setSizeBytes(
                        component.files().stream().mapToLong(PackFile::bytes).sum())
                .setLicense(component.licence())
                .setLoaded(memory.stream().anyMatch(holder -> holder.loaded(pack, name)))
                .build();
    }

    /** A component of one file has that file's hash; one of several the hash of their hashes and names. */
    private static String hash(Component component) {
        if (component.files().size() == 1) {
            return component.files().getFirst().sha256();
        }
        String all = component.files().stream()
                .map(file -> file.sha256() + "  " + file.path() + "\n")
                .sorted()
                .collect(Collectors.joining());
        return Sha256.of(all);
    }
}

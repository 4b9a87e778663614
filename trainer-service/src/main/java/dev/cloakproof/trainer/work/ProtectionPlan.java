package dev.cloakproof.trainer.work;

import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.trainer.work.TrainingPlan.ClassPictures;
import dev.cloakproof.v1.ProtectionParameters;
import java.util.Map;

/**
 * What a request for a protection asks for, checked.
 *
 * @param classPictures how pictures of the class are drawn, where the method trains a surrogate
 * @param parameters with nothing left out
 * @param sources where each number came from: {@code request}, {@code pack} or {@code preset}
 */
public record ProtectionPlan(
        ServicePack pack,
        ProtectionMethods.Method method,
        ClassPictures classPictures,
        ProtectionParameters parameters,
        Map<String, String> sources) {
    double setting(String name) {
        return parameters.getSettingsOrThrow(name);
    }

    int whole(String name) {
        return (int) setting(name);
    }
}

package dev.cloakproof.purifier.purify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of the paper, as far as their weights are there. */
public final class Methods {
    private Methods() {}

    /** Steps that need no weights. */
    public static List<PurificationStep> modelFree() {
        return List.of(new NoneStep(), new GaussianStep(), new JpegStep(), new TvmStep(), new ResizeStep());
    }

    /**
     * @param restoration CodeFormer's step, or null if its weights are not there
     * @param enlarging the upscaler's step, or null if its weights are not there
     */
    public static StepCatalogue catalogue(CodeFormerStep restoration, SuperResolutionStep enlarging) {
        List<PurificationStep> steps = new ArrayList<>(modelFree());
        Map<String, String> methods = new LinkedHashMap<>();
        if (restoration != null) {
            steps.add(restoration);
        }
        if (enlarging != null) {
            steps.add(enlarging);
            methods.put("tvm-sr-sr", "tvm | sr | sr");
        }
        if (restoration != null && enlarging != null) {
            methods.put("codesr", "codeformer | sr");
        }
        return new StepCatalogue(steps, methods);
    }
}

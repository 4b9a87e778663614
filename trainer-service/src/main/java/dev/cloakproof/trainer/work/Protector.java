package dev.cloakproof.trainer.work;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.protect.AdvDm;
import dev.cloakproof.trainer.protect.Aspl;
import dev.cloakproof.trainer.protect.Budget;
import dev.cloakproof.trainer.protect.Fsmg;
import dev.cloakproof.trainer.protect.PhotoGuard;
import dev.cloakproof.trainer.protect.Protection;
import dev.cloakproof.trainer.protect.SurrogateSpec;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.v1.Precision;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Carries out protection plans, one at a time. */
@Singleton
public class Protector {
    private final DeviceTurn device;
    private final ClassPictureSets classPictures;
    private final Packs packs;
    private final ServiceMetrics metrics;

    Protector(DeviceTurn device, ClassPictureSets classPictures, Packs packs, ServiceMetrics metrics) {
        this.device = device;
        this.classPictures = classPictures;
        this.packs = packs;
        this.metrics = metrics;
    }

    /**
     * Protects pictures together.
     *
     * @param pictures squares of the pack's side
     * @return as many, in order
     * @throws CloakproofException PICTURE_INVALID, or what the context ends the work with
     */
    public List<Picture> protect(ProtectionPlan plan, List<Picture> pictures, WorkContext context)
            throws InterruptedException {
        int side = plan.pack().pictureSide();
        for (Picture picture : pictures) {
            if (picture.width() != side || picture.height() != side) {
                throw Reason.PICTURE_INVALID
                        .problem("expected pictures of the pack's size, " + side + "x" + side + ", found "
                                + picture.width() + "x" + picture.height())
                        .exception();
            }
        }
        try (var _ = device.take(context)) {
            ConvolutionCheck.require(packs.device());
            return Failures.translated(() -> run(plan, pictures, context));
        }
    }

    private List<Picture> run(ProtectionPlan plan, List<Picture> pictures, WorkContext context) {
        var base = TrainingPlans.model(plan.pack());
        try (DiffusionModel model =
                metrics.modelLoad("diffusion").record(() -> DiffusionModel.load(base, packs.device()))) {
            SurrogateSpec surrogate = surrogate(plan);
            PromptIds ids = PromptIds.of(ClipTokenizer.load(base.resolve("tokenizer")));
            boolean trains = plan.method().trains();
            List<Picture> prior = !trains
                    ? List.of()
                    : classPictures.draw(
                            plan.pack(),
                            model,
                            surrogate.priorCaption(),
                            plan.whole("class_pictures"),
                            plan.classPictures(),
                            1,
                            context);
            var request = new Protection.Request(
                    pictures,
                    trains ? pictures : List.of(),
                    prior,
                    new Budget(plan.parameters().getBudget(), plan.setting("step_size")),
                    plan.parameters().getSeed());
            return protect(protection(plan, model, ids, surrogate), request, context);
        }
    }

    private static List<Picture> protect(Protection protection, Protection.Request request, WorkContext context) {
        CloakproofException[] why = new CloakproofException[1];
        try {
            return protection.protect(request, (done, total) -> {
                context.progress(done, total, "protection step " + done + " of " + total, Map.of());
                try {
                    context.checkCancelled();
                } catch (CloakproofException e) {
                    why[0] = e;
                }
                return why[0] == null;
            });
        } catch (CancellationException e) {
            throw why[0] == null ? e : why[0];
        }
    }

    private static Protection protection(
            ProtectionPlan plan, DiffusionModel model, PromptIds ids, SurrogateSpec surrogate) {
        return switch (plan.method().name()) {
            case "aspl" ->
                new Aspl(
                        model,
                        ids,
                        surrogate,
                        plan.whole("rounds"),
                        plan.whole("clean_steps"),
                        plan.whole("steps"),
                        plan.whole("perturbed_steps"));
            case "fsmg" -> new Fsmg(model, ids, surrogate, plan.whole("surrogate_steps"), plan.whole("steps"));
            case "advdm" -> new AdvDm(model, ids, surrogate, plan.whole("steps"));
            case "photoguard" -> new PhotoGuard(model.autoencoder(), plan.whole("steps"));
            default -> throw new IllegalStateException("a method without an algorithm: " + plan.method());
        };
    }

    private static SurrogateSpec surrogate(ProtectionPlan plan) {
        SurrogateSpec usual = SurrogateSpec.of("sks", "person");
        boolean half = plan.parameters().getPrecision() == Precision.PRECISION_BFLOAT16;
        SurrogateSpec typed = usual.with(half ? DType.BF16 : DType.F32, false);
        return plan.method().trains() ? typed.with(plan.setting("learning_rate"), typed.clipNorm()) : typed;
    }
}

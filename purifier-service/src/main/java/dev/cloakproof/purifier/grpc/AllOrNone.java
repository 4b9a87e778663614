package dev.cloakproof.purifier.grpc;

import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Pictures that are of use together only: the first failure is the failure of all, and stops the others.
 *
 * @param work of the pictures that the queue took
 * @param all the answers in order, or the first failure, which names its picture
 */
record AllOrNone<A>(List<CompletableFuture<?>> work, CompletableFuture<List<A>> all) {
    /**
     * Submits pictures.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException if the queue does not take one of them; none is
     *     purified then
     */
    static <A> AllOrNone<A> of(List<Input> pictures, Function<Input, Submission<A>> submit) {
        AllOrNone<A> together = new AllOrNone<>(new ArrayList<>(), new CompletableFuture<>());
        List<CompletableFuture<A>> answers = new ArrayList<>();
        try {
            for (Input picture : pictures) {
                Submission<A> submission = submit.apply(picture);
                together.work().add(submission.work());
                answers.add(submission.answer());
            }
        } catch (RuntimeException e) {
            together.stop();
            throw e;
        }
        for (int i = 0; i < answers.size(); i++) {
            int index = i;
            answers.get(i).exceptionally(failure -> {
                together.all().completeExceptionally(named(failure, index));
                together.stop();
                return null;
            });
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenRun(() -> together.all()
                        .complete(answers.stream().map(CompletableFuture::join).toList()));
        return together;
    }

    /** Withdraws what waits, and stops what is at work. */
    void stop() {
        work.forEach(each -> each.cancel(false));
    }

    private static Throwable named(Throwable failure, int index) {
        Problem problem = Problems.of(failure);
        if (problem.reason() != Reason.PICTURE_INVALID) {
            return failure;
        }
        String name = InferenceInput.NAME + "[" + index + "]";
        return new Problem(
                        problem.reason(),
                        name + ": " + problem.message(),
                        problem.metadata(),
                        problem.violations(),
                        problem.retryDelay())
                .at("inputs[0]", "pictures that can be read")
                .exception(failure);
    }
}

package dev.cloakproof.local;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.WorkState;
import java.io.PrintWriter;

/** What a command says of a run that is final. */
final class Outcome {
    private Outcome() {}

    /** @return the exit code: 0 for a run that succeeded */
    static int print(Run run, LineState state, boolean json, PrintWriter out) {
        boolean succeeded = run.getState() == WorkState.WORK_STATE_SUCCEEDED;
        if (json) {
            out.println(json(run));
        } else if (succeeded) {
            Scores.print(run, out);
            out.println("report: " + address(run.getName(), state));
        } else {
            out.println(run.getName() + " ended: " + run.getFailure().getReason() + ": "
                    + run.getFailure().getMessage());
        }
        out.flush();
        return succeeded ? 0 : 1;
    }

    static String address(String run, LineState state) {
        return state.page() + run;
    }

    static String json(Run run) {
        try {
            return JsonFormat.printer().print(run);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a run has no Any that could be unknown", e);
        }
    }

    /** "runs/{run}" of what people type. */
    static String name(String given) {
        return given.startsWith("runs/") ? given : "runs/" + given;
    }
}

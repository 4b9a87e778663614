package dev.cloakproof.platform.errors;

/** The one exception that crosses rooms: it carries a {@link Problem} of the catalogue. */
public final class CloakproofException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    CloakproofException(Problem problem, Throwable cause) {
        super(problem.reason() + ": " + problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    public Reason reason() {
        return problem.reason();
    }
}

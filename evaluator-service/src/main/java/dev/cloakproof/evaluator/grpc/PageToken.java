package dev.cloakproof.evaluator.grpc;

import dev.cloakproof.evaluator.index.RunFilter;
import dev.cloakproof.evaluator.index.RunPosition;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.Reason;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Where the next page begins, as an opaque text that is good for the same question only. */
final class PageToken {
    private PageToken() {}

    static String of(RunPosition last, RunFilter filter) {
        String text = question(filter) + " " + last.createTime() + " " + last.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PARAMETER_INVALID */
    static Optional<RunPosition> read(String token, RunFilter filter) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", 3);
            if (parts.length == 3 && parts[0].equals(question(filter))) {
                return Optional.of(new RunPosition(Instant.parse(parts[1]), parts[2]));
            }
        } catch (IllegalArgumentException | DateTimeException garbage) {
            throw invalid().exception(garbage);
        }
        throw invalid().exception();
    }

    private static dev.cloakproof.platform.errors.Problem invalid() {
        return Reason.PARAMETER_INVALID
                .problem("expected the next_page_token of an earlier page of the same question, found another text")
                .at("page_token", "a next_page_token, or nothing for the first page");
    }

    private static String question(RunFilter filter) {
        return Sha256.of(filter.toString()).substring(0, 16);
    }
}

package dev.cloakproof.evaluator.page;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.WorkState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Words and numbers as people read them. */
final class Texts {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Texts() {}

    static String time(Timestamp time) {
        return TIME.format(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
    }

    static String state(WorkState state) {
        return switch (state) {
            case WORK_STATE_QUEUED -> "queued";
            case WORK_STATE_RUNNING -> "running";
            case WORK_STATE_CANCELLING -> "stopping";
            case WORK_STATE_SUCCEEDED -> "succeeded";
            case WORK_STATE_FAILED -> "failed";
            case WORK_STATE_CANCELLED -> "cancelled";
            default -> "unknown";
        };
    }

    static String stage(Stage stage) {
        return switch (stage) {
            case STAGE_PURIFY -> "Purify";
            case STAGE_TRAIN -> "Train";
            case STAGE_SAMPLE -> "Sample";
            case STAGE_EVALUATE -> "Evaluate";
            default -> "";
        };
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.2f" : "%.3f", value);
    }

    /** With no more digits than it has: 0.0005 is "5e-4". */
    static String plain(double value) {
        if (value == 0 || !Double.isFinite(value) || Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7) {
            return Double.isFinite(value)
                    ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                    : String.valueOf(value);
        }
        BigDecimal digits = BigDecimal.valueOf(value).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        return digits.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }

    static String probability(double value) {
        return value < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * part);
    }

    static String duration(Duration duration) {
        long seconds = duration.getSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    static Duration between(Timestamp begin, Timestamp end) {
        return Duration.newBuilder()
                .setSeconds(end.getSeconds() - begin.getSeconds())
                .build();
    }
}

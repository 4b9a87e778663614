package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Caption;
import dev.cloakproof.portraits.Dice;
import java.util.Optional;

/** A portrait in words: only what can be seen in it. */
final class PortraitCaption {
    private PortraitCaption() {}

    static String of(Identity identity, Photograph photograph, long phrasing, Optional<String> identifier) {
        Dice dice = Dice.of(phrasing, "portrait caption");
        var caption = new Caption(dice, "photo", "person", identifier);
        caption.maybe(hair(identity));
        caption.maybe(identity.skin().tone().words() + " skin");
        caption.maybe(
                identity.eyes().colour().words() + " eyes", identity.glasses().kind() != Glasses.Kind.TINTED);
        caption.maybe("freckles", identity.skin().freckles() > 0);
        caption.maybe(identity.beard().kind().words(), identity.beard().kind() != Beard.Kind.NONE);
        caption.maybe(identity.glasses().kind().words(), identity.glasses().kind() != Glasses.Kind.NONE);
        caption.maybe(
                Caption.article(identity.hat().colour().words() + " "
                        + identity.hat().kind().words()),
                identity.hat().kind() != Hat.Kind.NONE);
        caption.also(expression(photograph.expression()));
        caption.also(pose(photograph.pose()));
        caption.also("wearing " + Caption.article(clothes(photograph.clothes())));
        caption.also(photograph.background().kind().words());
        return caption.words();
    }

    private static String hair(Identity identity) {
        Hair hair = identity.hair();
        return switch (hair.style()) {
            case BALD -> "no hair";
            case AFRO, MOHAWK ->
                "a " + hair.colour().words() + " " + hair.style().words();
            default -> hair.style().words() + " " + hair.colour().words() + " hair";
        };
    }

    private static String expression(Expression expression) {
        if (expression.open() > Expression.TEETH) {
            return "laughing";
        }
        if (expression.smile() > Expression.SMILING) {
            return "smiling";
        }
        return expression.smile() < -0.2f ? "looking sad" : "";
    }

    private static String pose(Pose pose) {
        if (Math.abs(pose.yaw()) < 12) {
            return Math.abs(pose.yaw()) < 5 ? "facing the camera" : "";
        }
        return pose.yaw() < 0 ? "turned to the left" : "turned to the right";
    }

    private static String clothes(Clothes clothes) {
        return (clothes.striped() ? "striped " : "") + clothes.dye().words() + " "
                + clothes.kind().words();
    }
}

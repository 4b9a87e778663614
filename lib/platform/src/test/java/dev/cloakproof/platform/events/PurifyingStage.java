package dev.cloakproof.platform.events;

import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.UploadReceived;

/** The first stage of a run, without its work. */
abstract class PurifyingStage implements StageHandler<UploadReceived, ImagesPurified> {
    @Override
    public final Stage stage() {
        return Stage.STAGE_PURIFY;
    }

    @Override
    public final EventType<UploadReceived> consumes() {
        return EventType.UPLOAD_RECEIVED;
    }

    @Override
    public final EventType<ImagesPurified> produces() {
        return EventType.IMAGES_PURIFIED;
    }

    @Override
    public final RunContext context(UploadReceived asked) {
        return asked.getContext();
    }
}

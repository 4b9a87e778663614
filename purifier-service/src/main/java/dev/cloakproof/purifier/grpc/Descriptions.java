package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.purify.Setting;
import dev.cloakproof.purifier.work.MethodTable.Method;
import dev.cloakproof.v1.MethodDescription;
import dev.cloakproof.v1.SettingDescription;

/** Methods and settings as the contract describes them. */
final class Descriptions {
    private Descriptions() {}

    static MethodDescription of(Method method) {
        var description = MethodDescription.newBuilder()
                .setMethod(method.name())
                .setDescription(method.description())
                .setNeedsPack(method.needsPack());
        method.settings().forEach((name, setting) -> description.addSettings(of(name, setting)));
        return description.build();
    }

    private static SettingDescription of(String name, Setting setting) {
        var description = SettingDescription.newBuilder()
                .setName(name)
                .setDescription(setting.meaning())
                .setUnit(setting.unit())
                .setMinimum(setting.least())
                .setMaximum(setting.most())
                .setWhole(setting.whole());
        setting.defaults().forEach((preset, value) -> description.putDefaults(preset.toString(), value));
        return description.build();
    }
}

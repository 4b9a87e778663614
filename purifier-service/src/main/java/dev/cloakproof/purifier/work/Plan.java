package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.v1.PurificationParameters;

/**
 * What a request asks for, checked.
 *
 * @param pack whose networks the chain may use
 * @param parameters with nothing left out
 */
public record Plan(LoadedPack pack, Chain chain, PurificationParameters parameters) {}

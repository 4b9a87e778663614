package dev.cloakproof.purifier.grpc;

import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.v1.PurificationParameters;

/**
 * What a request asks for, checked.
 *
 * @param parameters with nothing left out
 */
record Plan(Chain chain, PurificationParameters parameters) {}

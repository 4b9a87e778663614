/** The contract's services, translated to the rooms behind them. */
package dev.cloakproof.evaluator.grpc;

/** The purifier under load: a real service process, called over gRPC, beside what it cannot be faster than. */
package dev.cloakproof.bench.serve;

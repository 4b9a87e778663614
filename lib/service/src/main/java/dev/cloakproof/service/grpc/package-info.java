/** What every call passes through: who calls, and how calls end badly. */
package dev.cloakproof.service.grpc;

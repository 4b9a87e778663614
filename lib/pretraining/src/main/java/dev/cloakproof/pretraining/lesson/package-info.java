/** How a network learns: a lesson gives losses, a course runs it with checkpoints, curve and pictures. */
package dev.cloakproof.pretraining.lesson;

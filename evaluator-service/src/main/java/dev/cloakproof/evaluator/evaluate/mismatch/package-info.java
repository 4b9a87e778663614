/** Whether pictures still lie where CLIP has the concept they show, and pictures of where they lie (paper, 4.1). */
package dev.cloakproof.evaluator.evaluate.mismatch;

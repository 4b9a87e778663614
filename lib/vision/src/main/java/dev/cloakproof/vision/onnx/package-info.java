/** Networks published as ONNX, run by ONNX Runtime (docs/adr/0201). */
package dev.cloakproof.vision.onnx;

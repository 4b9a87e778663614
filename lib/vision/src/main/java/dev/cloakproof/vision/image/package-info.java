/** Pictures as tensors, and the resizing of OpenCV, on which the published face pipelines run. */
package dev.cloakproof.vision.image;

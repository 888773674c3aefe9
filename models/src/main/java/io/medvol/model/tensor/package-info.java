/**
 * Decides how tensors are computed: DJL's PyTorch engine, the operations written as TorchScript
 * ({@code ops.torchscript}), who owns native memory and when it is freed.
 */
package io.medvol.model.tensor;

/** Low-rank adapters (arXiv 2106.09685) as peft writes and reads them. */
package io.medvol.model.lora;

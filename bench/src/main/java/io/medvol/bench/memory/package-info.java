/** What a model takes of the machine's memory, measured in processes of their own. */
package io.medvol.bench.memory;

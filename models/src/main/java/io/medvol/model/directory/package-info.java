/** Where a model lies on disk and which files it must have. */
package io.medvol.model.directory;

/** Reading and writing NIfTI files: how bytes become voxels that have a place in the patient. */
package io.medvol.data.nifti;

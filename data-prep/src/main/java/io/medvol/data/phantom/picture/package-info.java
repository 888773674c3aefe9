/**
 * Pictures whose every class can be seen, with multiple-choice questions about them, in the layout
 * of OmniMedVQA: for trying Med-R1 without patient data.
 */
package io.medvol.data.phantom.picture;

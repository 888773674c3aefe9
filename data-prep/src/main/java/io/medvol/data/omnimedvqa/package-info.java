/**
 * Folders of multiple-choice questions about pictures in the layout of OmniMedVQA: what a question
 * is, which are turned away, and their preparation.
 */
package io.medvol.data.omnimedvqa;

/**
 * The part of Jinja that chat templates on the Hugging Face hub are written in, with the settings
 * transformers renders them with ({@code trim_blocks}, {@code lstrip_blocks}).
 *
 * <p>Templates: text, {@code {{ expression }}}, {@code {# comment #}}, {@code if}, {@code for}
 * (with {@code else}, filter, unpacking, {@code break}, {@code continue}), {@code set} (also of a
 * namespace's attribute and of a block), {@code macro}, {@code raw}, {@code generation}.
 * Expressions: Jinja's operators, tests, filters, slices and the methods of strings and mappings
 * that templates use. Anything else is refused by name. Rendering reads nothing but its variables
 * and is bounded: every step, level, character and item is paid for from one {@link
 * io.medvol.model.tokenizer.jinja.Budget} before it is there.
 */
package io.medvol.model.tokenizer.jinja;

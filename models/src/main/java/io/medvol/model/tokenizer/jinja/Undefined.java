package io.medvol.model.tokenizer.jinja;

/** The value of a name or an attribute that nothing was given to: false, empty, and not usable. */
record Undefined(String name) {
  TemplateFault fault() {
    return new TemplateFault("'" + name + "' is undefined");
  }
}

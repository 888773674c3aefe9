package io.medvol.model.tokenizer.jinja;

/** Text in the making; every character is paid for before it is added. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final Budget budget;

  Output(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  Output add(String part) {
    budget.text(part.length());
    text.append(part);
    return this;
  }

  Output add(String whole, int start, int end) {
    budget.text(end - start);
    text.append(whole, start, end);
    return this;
  }

  Output add(char part) {
    budget.text(1);
    text.append(part);
    return this;
  }

  Output repeat(String part, long copies) {
    if (copies > 0 && !part.isEmpty()) {
      // The budget ends far below what overflows: a text and a count are at most 2^31 each.
      budget.text(part.length() * Math.min(copies, Integer.MAX_VALUE));
      text.append(part.repeat((int) copies));
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

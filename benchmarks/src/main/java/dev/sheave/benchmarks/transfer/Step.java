package dev.sheave.benchmarks.transfer;

/** The measured steps, in this order, each time at a new place. */
enum Step {
  PUT("put"),
  PUT_UNCHANGED("unchanged put"),
  PUT_ONE("one file changed"),
  GET("get, cold"),
  GET_UNCHANGED("get, unchanged");

  private final String title;

  Step(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean isPut() {
    return this == PUT || this == PUT_UNCHANGED || this == PUT_ONE;
  }
}

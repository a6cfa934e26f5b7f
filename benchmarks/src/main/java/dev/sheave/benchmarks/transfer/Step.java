package dev.sheave.benchmarks.transfer;

/** What is measured, in this order, at a new place each time. */
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

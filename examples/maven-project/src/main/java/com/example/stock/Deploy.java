package com.example.stock;

import dev.sheave.deployment.Deployment;

/** Deploys the flow: its jar and its libraries go where runs find them. */
public final class Deploy {

  public static void main(String[] args) {
    Deployment deployment =
        Deployment.buildFromFlow(StockFlow::stockReport, "daily")
            .workQueueName("stock")
            .build()
            .upload();
    deployment.apply();
    System.out.println(
        deployment.fullName()
            + ": "
            + deployment.uploadSummary().orElseThrow().moved()
            + " files uploaded to "
            + deployment.location());
  }
}

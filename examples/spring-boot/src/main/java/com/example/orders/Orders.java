package com.example.orders;

import dev.sheave.Sheave;
import dev.sheave.agent.Agent;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.deployment.Deployment;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Service;

/** Deploys the flow, and runs it with an agent of the application's own. */
@Service
public class Orders {
  private final Sheave sheave;

  Orders(Sheave sheave) {
    this.sheave = sheave;
  }

  void deploy() {
    sheave
        .blocks()
        .save(new Warehouse("Bergen", Secret.of("seven")), "north", SaveMode.OVERWRITE);
    Deployment deployment =
        sheave
            .deployments()
            .buildFromFlow(OrdersFlow::orders, "daily")
            .parameters(Map.of("warehouse", "north"))
            .workQueueName("orders")
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

  String run() {
    try (Agent agent = Agent.builder(sheave).queues("orders").start()) {
      FlowRunRecord run =
          sheave.deployments().load("orders/daily").run(Map.of()).await(Duration.ofMinutes(2));
      return run.state().name() + ": " + run.state().result().orElse(run.state().message());
    }
  }
}

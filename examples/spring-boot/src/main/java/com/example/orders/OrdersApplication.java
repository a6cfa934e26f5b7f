package com.example.orders;

import dev.sheave.Sheave;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The application: {@code java -jar target/orders.jar deploy}, or {@code run}. */
@SpringBootApplication
public class OrdersApplication {

  public static void main(String[] args) {
    SpringApplication.run(OrdersApplication.class, args);
  }

  @Bean
  Sheave sheave() { // Spring closes it
    return Sheave.builder().connect();
  }

  @Bean
  ApplicationRunner start(Orders orders) {
    return arguments -> {
      if (arguments.getNonOptionArgs().contains("deploy")) {
        orders.deploy();
      }
      if (arguments.getNonOptionArgs().contains("run")) {
        System.out.println(orders.run());
      }
    };
  }
}

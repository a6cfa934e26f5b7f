package dev.sheave.server;

import dev.sheave.RunApi;
import dev.sheave.RunApiProvider;
import dev.sheave.Sheave;

/** Serves the records to the runs of an agent, which use their own keys. */
public final class RunServer implements RunApiProvider {

  @Override
  public RunApi serve(Sheave sheave, String host, int port) {
    SheaveServer server =
        SheaveServer.builder(sheave).host(host).port(port).takesRunKeysOnly().start();
    return new RunApi() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}

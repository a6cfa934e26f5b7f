package dev.sheave.infrastructure;

/**
 * The network between the runs of an infrastructure and the machine that starts them.
 *
 * @param listenAt the name or address of this machine at which a server for the runs listens, such
 *     as {@code 172.17.0.1}
 * @param reachedAs the name or address under which runs reach that, such as {@code
 *     host.docker.internal}
 */
public record RunNetwork(String listenAt, String reachedAs) {}

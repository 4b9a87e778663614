package dev.cloakproof.bench.serve;

import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurificationServiceGrpc.PurificationServiceBlockingStub;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/** Clients with a connection each; every one makes its next call when the last one has ended. */
final class Load implements AutoCloseable {
    private static final int MOST_BYTES = 16 << 20;
    private static final long PATIENCE_MILLIS = 60_000;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final PurifyRequest request;

    /** @param request that every call makes */
    Load(int port, int clients, PurifyRequest request) {
        this.request = request;
        for (int i = 0; i < clients; i++) {
            channels.add(ManagedChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .maxInboundMessageSize(MOST_BYTES)
                    .build());
        }
    }

    /** Calls for so long. */
    Outcome forSeconds(double seconds) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return run(() -> System.nanoTime() < end, _ -> PATIENCE_MILLIS);
    }

    /**
     * Makes so many calls.
     *
     * @param deadlineMillis of each call by its number
     */
    Outcome calls(int count, IntToLongFunction deadlineMillis) throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        return run(() -> begun.getAndIncrement() < count, deadlineMillis);
    }

    private Outcome run(BooleanSupplier more, IntToLongFunction deadlineMillis) throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        long begun = System.nanoTime();
        List<Client> clients = new ArrayList<>();
        for (ManagedChannel channel : channels) {
            clients.add(new Client(channel, more, () -> deadlineMillis.applyAsLong(number.getAndIncrement())));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(channels.size())) {
            for (Future<Client> client : threads.invokeAll(clients)) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client ended badly: " + e.getCause(), e);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Map<String, Integer> failures = new TreeMap<>();
        clients.forEach(
                client -> client.failures.forEach((status, count) -> failures.merge(status, count, Integer::sum)));
        long[] nanos = clients.stream()
                .flatMapToLong(client -> Arrays.stream(client.nanos, 0, client.answered))
                .toArray();
        return new Outcome(nanos, failures, seconds);
    }

    /** One client. What it saw is its own until it has ended. */
    private final class Client implements Callable<Client> {
        private final PurificationServiceBlockingStub stub;
        private final BooleanSupplier more;
        private final LongSupplier deadlineMillis;
        private final Map<String, Integer> failures = new TreeMap<>();
        private long[] nanos = new long[1024];
        private int answered;

        Client(ManagedChannel channel, BooleanSupplier more, LongSupplier deadlineMillis) {
            this.stub = PurificationServiceGrpc.newBlockingStub(channel);
            this.more = more;
            this.deadlineMillis = deadlineMillis;
        }

        @Override
        public Client call() {
            while (more.getAsBoolean()) {
                long begun = System.nanoTime();
                long millis = deadlineMillis.getAsLong();
                try {
                    PurifyResponse response = stub.withDeadlineAfter(millis, TimeUnit.MILLISECONDS)
                            .purify(request);
                    if (response.getPicture().getContent().isEmpty()) {
                        throw new IllegalStateException("an answer without a picture");
                    }
                    if (answered == nanos.length) {
                        nanos = Arrays.copyOf(nanos, 2 * nanos.length);
                    }
                    nanos[answered++] = System.nanoTime() - begun;
                } catch (StatusRuntimeException e) {
                    failures.merge(failure(e.getStatus().getCode(), millis), 1, Integer::sum);
                }
            }
            return this;
        }
    }

    /** How {@link Outcome#failures} names it. */
    static String failure(Status.Code status, long deadlineMillis) {
        return status + " within " + deadlineMillis + " ms";
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}

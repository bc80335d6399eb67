package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.assay.codec.StoreCodec;

import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {

    @Test
    void instanceWhoseNameAnotherBearsStopsInsteadOfThrowingTheOtherOut() {
        Throwable fenced = new StreamsException(new FencedInstanceIdException("fenced"));

        assertThat(new ThreadFailures().handle(fenced))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    }

    @Test
    void storeThatCannotBeReadStopsTheInstanceAndIsNamed() {
        ThreadFailures failures = new ThreadFailures();
        Throwable unreadable = catchThrowable(() -> StoreCodec.decodePending(new byte[] {1}));

        StreamThreadExceptionResponse response =
                failures.handle(new StreamsException("task 0_0", unreadable));

        assertThat(response).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(failures.last()).hasValueSatisfying(last -> assertThat(last).contains("store"));
    }
}

package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.SystemLimitException;
import org.junit.jupiter.api.Test;

class AvroLimitsTest {

    @Test
    void holdEvenWhereAvroHasReadBefore() {
        assertThat(SystemLimitException.checkMaxCollectionLength(1)).isEqualTo(1);

        AvroLimits.set();

        assertThatThrownBy(() -> SystemLimitException.checkMaxCollectionLength(1_000_001))
                .isInstanceOf(SystemLimitException.class);
        assertThatThrownBy(() -> SystemLimitException.checkMaxStringLength(300_000_000))
                .isInstanceOf(SystemLimitException.class);
        assertThatThrownBy(() -> SystemLimitException.checkMaxBytesLength(300_000_000))
                .isInstanceOf(SystemLimitException.class);
    }
}

package dev.assay.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import dev.assay.codec.RegistrySerdes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("sim.seeds", 100);
    private static final int BLOCK = 50;
    private static final int EVERY = 10;
    private static final int MOST_SEEDS_TO_FIND_A_BUG = 100;

    /// Seeds run on all cores; serializers are for one thread.
    private static final ThreadLocal<Simulation> SIMULATION =
            ThreadLocal.withInitial(
                    () -> {
                        String registry = "mock://sim-" + Thread.currentThread().threadId();
                        return new Simulation(new RegistrySerdes(Map.of("url", registry)));
                    });

    private static final Map<String, Level> LEVELS = new HashMap<>();

    /// What goes wrong here is meant to, and would fill the log.
    @BeforeAll
    static void silence() {
        for (String name :
                new String[] {
                    "dev.assay", "org.apache.kafka", "org.apache.kafka.streams.processor.internals"
                }) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            LEVELS.put(name, logger.getLevel());
            logger.setLevel(Level.OFF);
        }
    }

    @AfterAll
    static void speakAgain() {
        LEVELS.forEach((name, level) -> ((Logger) LoggerFactory.getLogger(name)).setLevel(level));
    }

    /// A simulation that finds nothing has shown nothing.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void findsABugThatIsPlanted(Bug bug) {
        LongStream seeds = LongStream.range(0, MOST_SEEDS_TO_FIND_A_BUG);

        assertThat(seeds.anyMatch(seed -> breaks(seed, bug))).isTrue();
    }

    private static boolean breaks(long seed, Bug bug) {
        try {
            SIMULATION.get().run(seed, bug);
            return false;
        } catch (AssertionError _) {
            return true;
        }
    }

    /// In blocks, so that the time limit of a test holds for any number of seeds.
    @ParameterizedTest
    @MethodSource("blocks")
    void everySeedKeepsAllInvariants(long from, long to) {
        LongStream seeds = LongStream.range(from, to);

        seeds.parallel()
                .forEach(
                        seed -> {
                            Simulation simulation = SIMULATION.get();
                            Simulation.Run run = simulation.run(seed);
                            if (to - from == 1 || seed % EVERY == 0) {
                                assertThat(simulation.run(seed)).isEqualTo(run);
                            }
                        });
    }

    static Stream<Arguments> blocks() {
        Long only = Long.getLong("sim.seed");
        return only == null
                ? LongStream.iterate(0, from -> from < SEEDS, from -> from + BLOCK)
                        .mapToObj(from -> Arguments.of(from, Math.min(from + BLOCK, SEEDS)))
                : Stream.of(Arguments.of(only, only + 1));
    }
}

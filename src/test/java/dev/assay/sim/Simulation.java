package dev.assay.sim;

import dev.assay.codec.RegistrySerdes;

/// Runs seeds.
final class Simulation {

    /// How a run went.
    ///
    /// @param digest of all that happened
    /// @param calls that models saw
    record Run(long seed, long digest, long events, int calls) {}

    private final RegistrySerdes serdes;

    Simulation(RegistrySerdes serdes) {
        this.serdes = serdes;
    }

    Run run(long seed) {
        return run(seed, Bug.NONE);
    }

    /// @throws AssertionError if an invariant broke; it says how to see it again
    Run run(long seed, Bug bug) {
        World world = new World(seed, serdes, bug);
        try {
            world.run();
        } catch (Violation | RuntimeException e) {
            String message =
                    """
                    seed %d: %s
                    again: mvn -B -ntp -Dquick test -Dtest=SimulationTest -Dsim.seed=%d
                    what came before:
                    %s"""
                            .formatted(seed, e.getMessage(), seed, world.trace().tail());
            throw new AssertionError(message, e);
        }
        return new Run(seed, world.trace().digest(), world.trace().events(), world.calls().made());
    }
}

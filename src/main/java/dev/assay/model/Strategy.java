package dev.assay.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How the models of a round are chosen.
public sealed interface Strategy {

    /// The models it chooses among, in the order of the topology file; at least one.
    List<String> models();

    /// The models that may have written the answer which is checked.
    default List<String> authors() {
        return models();
    }

    /// Its name in the topology file and in results.
    String label();

    /// The first model; the others take over only where it cannot be reached.
    record Fixed(List<String> models) implements Strategy {
        public Fixed {
            models = List.copyOf(models);
        }

        @Override
        public String label() {
            return "fixed";
        }
    }

    /// The model of lowest expected cost that should do; after a weak answer the next cheapest.
    record Cheapest(List<String> models) implements Strategy {
        public Cheapest {
            models = List.copyOf(models);
        }

        @Override
        public String label() {
            return "cheapest";
        }
    }

    /// The models in order, the next one when the grade is below the bar.
    ///
    /// @param usdPerPoint what one point of grade is worth, in USD; where it is given, models that
    ///   are not expected to be worth their cost are passed over
    record Cascade(List<String> models, OptionalDouble usdPerPoint) implements Strategy {
        public Cascade {
            models = List.copyOf(models);
        }

        public Cascade(List<String> models) {
            this(models, OptionalDouble.empty());
        }

        @Override
        public String label() {
            return "cascade";
        }
    }

    /// The model that is expected to be worth most for the prompt at hand, by the route's own
    /// grades: expected grade less cost.
    ///
    /// @param usdPerPoint what one point of grade is worth, in USD
    /// @param explore the share of prompts that may try another model, 0 to 0.5
    /// @param size of what is learned
    record Learned(List<String> models, double usdPerPoint, double explore, LearnerSize size)
            implements Strategy {

        /// The share of a route that says nothing of it.
        public static final double DEFAULT_EXPLORE = 0.02;

        /// Whatever is not explored has a chance above one half, and so the two can be told apart.
        public static final double MOST_EXPLORED = 0.49;

        public Learned {
            models = List.copyOf(models);
        }

        @Override
        public String label() {
            return "learned";
        }
    }

    /// Several answers at once, of which one is picked.
    ///
    /// @param members how many answers; models beyond them take over where one cannot be reached,
    ///   and where there are fewer models than members, they answer in turn
    /// @param quorum how many answers must come for one of them to pass
    /// @param maxWait how long members are waited for, from the begin of the first call that
    ///   brought an answer; where empty, until every call has ended
    record Ensemble(
            List<String> models,
            int members,
            EnsemblePick pick,
            int quorum,
            Optional<Duration> maxWait)
            implements Strategy {
        public Ensemble {
            if (quorum < 1 || quorum > members) {
                throw new IllegalArgumentException(
                        "a quorum of %d of %d members".formatted(quorum, members));
            }
            models = List.copyOf(models);
        }

        @Override
        public List<String> authors() {
            return pick instanceof EnsemblePick.Fuse fuse ? List.of(fuse.model()) : models;
        }

        @Override
        public String label() {
            return "ensemble";
        }
    }
}

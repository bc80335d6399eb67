package dev.assay.model;

import java.util.List;

/// How the models of a round are chosen.
public sealed interface Strategy {

    /// The models it chooses among, in the order of the topology file; at least one.
    List<String> models();

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
    record Cascade(List<String> models) implements Strategy {
        public Cascade {
            models = List.copyOf(models);
        }

        @Override
        public String label() {
            return "cascade";
        }
    }
}

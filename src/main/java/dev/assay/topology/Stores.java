package dev.assay.topology;

/// The names of the state stores; with the application's id they name their changelog topics.
final class Stores {

    /// Ids that were admitted.
    static final String SEEN = "seen";

    private Stores() {}

    /// Prompts whose calls in a stage are not all answered.
    static String pending(Stage stage) {
        return stage.label() + "-pending";
    }
}

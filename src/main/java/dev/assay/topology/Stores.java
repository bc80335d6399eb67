package dev.assay.topology;

/// The names of the state stores; with the application's id they name their changelog topics.
final class Stores {

    /// Ids that were admitted.
    static final String SEEN = "seen";

    /// What the models' grades add up to.
    static final String LEARNED = "learned";

    /// The scorecards, in every instance.
    static final String SCORECARDS = "scorecards";

    /// Bulk jobs.
    static final String JOBS = "jobs";

    /// Bulk jobs as they were published, in every instance.
    static final String PUBLISHED_JOBS = "published-jobs";

    /// What was learned of single prompts, in every instance.
    static final String PREDICTORS = "predictors";

    /// The books of the budgets of the day.
    static final String LEDGER = "ledger";

    private Stores() {}

    /// Prompts whose calls in a stage are not all answered.
    static String pending(Stage stage) {
        return stage.label() + "-pending";
    }
}

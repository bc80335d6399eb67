package dev.assay.topology;

/// The names of the topology's nodes.
final class Nodes {

    static final String PROMPTS = "prompts-source";
    static final String BULK = "bulk-source";
    static final String LOOP = "loop-source";
    static final String ADMIT = "admit";
    static final String RETURN = "return";
    static final String CANCEL = "cancel";
    static final String DEDUP = "dedup";
    static final String ASSIGN = "assign";
    static final String ANSWER = "answer";
    static final String CHECK = "check";
    static final String GRADE = "grade";
    static final String ESCALATE = "escalate";
    static final String FINISH = "finish";
    static final String ESCALATED = "escalated-sink";
    static final String GRADED = "graded-sink";
    static final String FLAGGED = "flagged-sink";
    static final String FAILED = "failed-sink";

    static final String OBSERVED = "observations-source";
    static final String FEEDBACK = "feedback-source";
    static final String LEARN = "learn";
    static final String SCORECARDS = "scorecards-source";
    static final String KNOW = "know";
    static final String OBSERVATIONS = "observations-sink";
    static final String SCORED = "scorecards-sink";

    static final String JOB_EVENTS = "jobs-progress-source";
    static final String JOBS = "jobs";
    static final String PUBLISHED_JOBS = "jobs-source";
    static final String KNOW_JOBS = "know-jobs";
    static final String LINES_ENDED = "jobs-progress-sink";
    static final String JOBS_SINK = "jobs-sink";

    static final String PREDICTORS = "predictors-source";
    static final String KNOW_PREDICTORS = "know-predictors";
    static final String PREDICTED = "predictors-sink";

    static final String GRANTS = "ledger-grants-source";
    static final String PURSE = "purse";
    static final String CLAIMS = "ledger-requests-sink";
    static final String CLAIMED = "ledger-requests-source";
    static final String LEDGER = "ledger";
    static final String GRANTED = "ledger-grants-sink";

    private Nodes() {}
}

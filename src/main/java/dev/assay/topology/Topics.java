package dev.assay.topology;

import java.util.List;

/// The names of the topics.
///
/// @param prefix put before each; may be empty
public record Topics(String prefix) {

    public String prompts() {
        return prefix + "prompts";
    }

    /// Prompts that give way to those of all other topics.
    public String bulk() {
        return prefix + "prompts.bulk";
    }

    /// A tenant's own topic of prompts.
    ///
    /// @param topic as the topology file names it
    public String ofTenant(String topic) {
        return prefix + topic;
    }

    public String graded() {
        return prefix + "answers.graded";
    }

    public String flagged() {
        return prefix + "answers.flagged";
    }

    public String failed() {
        return prefix + "prompts.failed";
    }

    /// The loop: prompts on their way to another round.
    public String escalated() {
        return prefix + "prompts.escalated";
    }

    /// What each round of each prompt showed of the models.
    public String observations() {
        return prefix + "observations";
    }

    /// Grades that come later, from outside.
    public String feedback() {
        return prefix + "feedback";
    }

    /// How each model does; compacted.
    public String scorecards() {
        return prefix + "scorecards";
    }

    /// What grades teach of single prompts; compacted.
    public String predictors() {
        return prefix + "predictors";
    }

    /// Lines of bulk jobs that are not released yet.
    public String jobsLines() {
        return prefix + "jobs.lines";
    }

    /// What happens to bulk jobs.
    public String jobsProgress() {
        return prefix + "jobs.progress";
    }

    /// How far each bulk job is; compacted.
    public String jobs() {
        return prefix + "jobs";
    }

    /// What partitions ask of the ledger.
    public String ledgerRequests() {
        return prefix + "ledger.requests";
    }

    /// What the ledger answers.
    public String ledgerGrants() {
        return prefix + "ledger.grants";
    }

    /// Where results come out.
    public List<String> results() {
        return List.of(graded(), flagged(), failed());
    }
}

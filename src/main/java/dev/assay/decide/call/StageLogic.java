package dev.assay.decide.call;

import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.PromptState;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// The decisions of one asynchronous stage: a scatter and gather of model calls.
///
/// A stage is declarative: the open calls of a state are what must be made. So what is done after a
/// crash is what is always done, and needs no code of its own.
public interface StageLogic {

    /// A prompt comes to the stage.
    ///
    /// @param knowledge what is known of the models at this moment
    Step enter(PromptState state, Knowledge knowledge, Instant now);

    /// A prompt comes to the stage, and nothing is known of the models.
    default Step enter(PromptState state, Instant now) {
        return enter(state, Knowledge.NONE, now);
    }

    /// A call ended.
    ///
    /// @param call the open call as it stands in the state
    /// @param took how long this try took
    /// @param dice uniform in [0, 1), for jitter
    Step ended(
            PromptState state,
            Call call,
            CallResult result,
            Duration took,
            Instant now,
            double dice);

    /// Further tries of a call may have been billed.
    ///
    /// @param tries how many; below zero where that many were counted and are known now
    PromptState besides(PromptState state, Call call, int tries);

    /// True where the prompt's budget has room for one more try of a call that is in the air. No
    /// state holds that try, so where a budget binds it must be the only call that is open.
    boolean affordsBeside(PromptState state, Call call);

    /// A try could not begin in time.
    Step expired(PromptState state, Call call, Expiry why, Instant now);

    /// The model of a waiting call fails at present; whether another may be asked instead.
    ///
    /// @param usable models that do not fail at present
    /// @return empty where the call had better wait
    Optional<Step> elsewhere(
            PromptState state, Call call, CallError error, Predicate<String> usable, Instant now);

    /// USD that an open call is reckoned at; 0 for a model that left the file, since it is not
    /// made.
    double usd(PromptState state, Call call);

    /// A budget has no room for a call.
    ///
    /// @param budget which one, and how much of it is used
    Step tooDear(PromptState state, Call call, String budget, Instant now);

    /// Why a try could not begin in time.
    enum Expiry {
        DEADLINE,
        LONGEST_WAIT,
        /// The others of an ensemble wait for it no longer. It may be in the air.
        ENOUGH_WAITED,
        CANCELLED,
        JOB_OVER_BUDGET
    }
}

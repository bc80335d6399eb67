package dev.assay.topology;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.EngineConfig;
import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.grade.Grader;
import dev.assay.flight.Flights;
import dev.assay.flight.Lanes;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// What the processors of one instance share. All of it is immutable or safe for any thread.
///
/// @param tenantOfTopic the tenant that each tenant's own topic stands for
/// @param stages the decisions of each stage
/// @param random for jitter only
record Parts(
        Topics topics,
        EngineConfig engine,
        Map<String, String> tenantOfTopic,
        Routes routes,
        Assigner assigner,
        Grader grader,
        Map<Stage, StageLogic> stages,
        CallRequests requests,
        Lanes lanes,
        Flights flights,
        Backpressure backpressure,
        Ownership ownership,
        RegistrySerdes serdes,
        InstantSource clock,
        RandomGenerator random) {
    StageLogic logic(Stage stage) {
        return Objects.requireNonNull(stages.get(stage), "every stage has its logic");
    }
}

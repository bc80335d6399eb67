package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// What trades a policy's cost against its quality: for a cascade with judges, the bar.
enum Dial {
    /// Nothing does.
    NONE,
    /// `check.pass`, from 1 to 10 and beyond all grades.
    PASS,
    /// `assign.usd_per_point`, from far less to far more than the topology file says.
    USD_PER_POINT;

    private static final List<Double> FACTORS =
            List.of(1.0 / 64, 1.0 / 16, 0.25, 0.5, 1.0, 2.0, 4.0, 16.0, 64.0);
    private static final int LOWEST_PASS = 1;
    private static final int BEYOND_ALL = 11;

    /// The same pipeline with the dial at another place.
    record Turned(String setting, TopologyFile file) {}

    static Dial of(List<Route> routes) {
        if (routes.stream().anyMatch(route -> route.strategy() instanceof Strategy.Learned)) {
            return USD_PER_POINT;
        }
        boolean gated =
                routes.stream()
                        .anyMatch(
                                route ->
                                        route.strategy() instanceof Strategy.Cascade
                                                && !route.check().judges().isEmpty());
        return gated ? PASS : NONE;
    }

    /// All places, from the cheapest to the dearest.
    List<Turned> turns(TopologyFile file) {
        return switch (this) {
            case NONE -> List.of();
            case USD_PER_POINT ->
                    FACTORS.stream()
                            .map(
                                    factor ->
                                            new Turned(
                                                    String.format(
                                                            Locale.ROOT,
                                                            "usd_per_point x %s",
                                                            factor),
                                                    turned(
                                                            file,
                                                            route -> withWorth(route, factor))))
                            .toList();
            case PASS ->
                    IntStream.rangeClosed(LOWEST_PASS, BEYOND_ALL)
                            .mapToObj(
                                    pass ->
                                            new Turned(
                                                    "pass: " + pass,
                                                    turned(file, route -> withPass(route, pass))))
                            .toList();
        };
    }

    private static Route withWorth(Route route, double factor) {
        return route.strategy() instanceof Strategy.Learned own
                ? route.withStrategy(
                        new Strategy.Learned(
                                own.models(),
                                own.usdPerPoint() * factor,
                                own.explore(),
                                own.size()))
                : route;
    }

    private static TopologyFile turned(TopologyFile file, UnaryOperator<Route> change) {
        List<Route> routes = new ArrayList<>();
        file.routes().forEach(route -> routes.add(change.apply(route)));
        return file.withRoutes(routes);
    }

    private static Route withPass(Route route, int pass) {
        CheckPolicy check = route.check().withPass(pass);
        return route.withCheck(check);
    }
}

package dev.assay.http.openai;

import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.model.Route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The names that callers may give as `model`: `auto`, routes, and the models that answer on one.
record ModelNames(List<String> all, Set<String> names) {

    static ModelNames of(TopologyFile file) {
        Set<String> names = new LinkedHashSet<>();
        names.add(ChatRequestBody.AUTO);
        file.routes().stream().map(Route::name).forEach(names::add);
        Set<String> answering = new LinkedHashSet<>();
        file.routes().forEach(route -> answering.addAll(route.strategy().models()));
        file.models().stream()
                .map(ModelConfig::name)
                .filter(answering::contains)
                .forEach(names::add);
        return new ModelNames(List.copyOf(new ArrayList<>(names)), Set.copyOf(names));
    }

    boolean has(String name) {
        return names.contains(name);
    }
}

package dev.assay.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The models that a file declares, for reading what refers to them.
record ModelNames(Set<String> declared) {

    ModelNames {
        declared = new TreeSet<>(declared);
    }

    static ModelNames of(List<ModelConfig> models) {
        return new ModelNames(
                models.stream()
                        .map(ModelConfig::name)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /// A list of declared models, none twice.
    List<String> read(List<Field> items) {
        return Field.distinct(items, this::one);
    }

    /// One declared model.
    Optional<String> one(Field item) {
        return item.name()
                .flatMap(
                        name ->
                                declared.contains(name)
                                        ? Optional.of(name)
                                        : item.reject(
                                                "no model is called %s%s; name one of %s, or add it to models"
                                                        .formatted(
                                                                item.quoted(),
                                                                item.suggestion(declared),
                                                                Wording.list(declared))));
    }
}

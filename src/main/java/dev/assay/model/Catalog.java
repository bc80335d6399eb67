package dev.assay.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The models of a topology file, by name, in its order.
public record Catalog(Map<String, ModelCard> models) {

    public static Catalog of(List<ModelCard> cards) {
        Map<String, ModelCard> models = new LinkedHashMap<>();
        cards.forEach(card -> models.put(card.name(), card));
        return new Catalog(models);
    }

    /// The card of a model of the topology file.
    ///
    /// @throws NoSuchElementException if there is none; a validated topology file names no such
    ///   model
    public ModelCard card(String name) {
        ModelCard card = models.get(name);
        if (card == null) {
            throw new NoSuchElementException(
                    "no model " + name + " in the topology file; it has " + models.keySet());
        }
        return card;
    }

    /// The card of a model that a prompt under way names; the file may have lost it since.
    public Optional<ModelCard> find(String name) {
        return Optional.ofNullable(models.get(name));
    }

    public boolean has(String name) {
        return models.containsKey(name);
    }
}

package dev.assay.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

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

    public boolean has(String name) {
        return models.containsKey(name);
    }
}

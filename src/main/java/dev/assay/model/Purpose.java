package dev.assay.model;

/// What a model is called for.
public enum Purpose {
    ANSWER,
    CHECK
}

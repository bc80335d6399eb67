package dev.assay.model;

/// Who waits: interactive work goes before bulk work wherever both want the same model.
public enum Priority {
    INTERACTIVE,
    BULK
}

package dev.assay.config;

/// A key or password. Printing it prints stars.
public record Secret(String value) {

    @Override
    public String toString() {
        return "***";
    }
}

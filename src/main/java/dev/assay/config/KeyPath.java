package dev.assay.config;

/// Where a value stands in the tree, as people write it: `models[0].price.input`.
record KeyPath(String text) {

    static final KeyPath ROOT = new KeyPath("");

    KeyPath item(int index) {
        return new KeyPath(text + "[" + index + "]");
    }

    KeyPath member(String key) {
        String shown = Wording.shown(key);
        return new KeyPath(text.isEmpty() ? shown : text + "." + shown);
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.assay.config;

/// One thing wrong in a topology file. It shows values as they stand in the file, not as variables
/// fill them (names of models and routes apart), and keys and passwords not at all.
///
/// @param line from 1; 0 where the file as a whole is meant
/// @param key the path to the key, as in `models[0].price.input`; empty where no single key is
///   meant
/// @param message what is wrong, and what to do
public record Problem(int line, String key, String message) {

    /// As compilers print it: `file:line: key: message`.
    public String render(String file) {
        return file
                + (line > 0 ? ":" + line : "")
                + ": "
                + (key.isEmpty() ? "" : key + ": ")
                + message;
    }
}

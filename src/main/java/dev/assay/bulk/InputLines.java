package dev.assay.bulk;

import java.util.Optional;

/// The lines of an input, one by one.
public interface InputLines {

    /// The next line that is not blank; empty at the end.
    ///
    /// @throws InputException if the input cannot be read further
    Optional<InputLine> next() throws InputException;
}

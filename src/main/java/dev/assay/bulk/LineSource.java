package dev.assay.bulk;

import java.io.IOException;
import java.util.Optional;

/// The prompts of one input, whatever its form.
interface LineSource {

    /// The next line that is not blank; empty at the end.
    Optional<InputLine> next() throws IOException;
}

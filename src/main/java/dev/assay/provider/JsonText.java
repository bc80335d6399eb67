package dev.assay.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/// How JSON is read on the way to models and back.
public final class JsonText {

    /// More buffers than threads that parse at the same moment are of no use.
    private static final int POOLED_BUFFERS = 64;

    /// Jackson keeps its buffers by thread unless told otherwise, which is to throw them away where
    /// every call has a thread of its own; and it interns field names, which those who write
    /// requests could make too many of.
    public static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private JsonText() {}
}

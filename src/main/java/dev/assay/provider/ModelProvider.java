package dev.assay.provider;

import dev.assay.model.CallResult;

/// One configured model that can be called.
public interface ModelProvider extends AutoCloseable {

    /// Calls the model and waits for its whole reply. Runs on a virtual thread of its own, many at
    /// once.
    ///
    /// Every outcome is a value: no exception but the interrupt leaves this method. An interrupt
    /// cancels the call.
    ///
    /// @throws InterruptedException if the thread was interrupted
    CallResult call(ModelRequest request) throws InterruptedException;

    /// Releases connections; open calls end as failures.
    @Override
    void close();
}

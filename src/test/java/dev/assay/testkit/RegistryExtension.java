package dev.assay.testkit;

import dev.assay.local.RegistryProcess;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests a schema registry of flesh and blood, a [RegistryProcess] that all tests of one JVM
/// share. Its start takes seconds: tests that do not need another process or the real rules of
/// compatibility use a `mock://` address.
public final class RegistryExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RegistryProcess.class;
    }

    @Override
    public RegistryProcess resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(RegistryExtension.class))
                .getOrComputeIfAbsent(
                        RegistryProcess.class,
                        key -> RegistryProcess.temporary(),
                        RegistryProcess.class);
    }
}

package dev.assay.local;

import java.io.IOException;
import java.io.OutputStream;

/// The first code in the registry's own JVM: it starts the registry's main class and ends the JVM
/// as soon as its standard input ends. The other end of that pipe is held by the JVM that started
/// it, so that no way of dying there, kill -9 among them, leaves a registry behind.
///
/// This class is handed over alone, without the rest of Assay: it may use nothing but the JDK.
final class RegistryLauncher {

    private RegistryLauncher() {}

    /// @param args the name of the main class to run
    public static void main(String[] args) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent-watch").start(RegistryLauncher::endWithParent);
        Class.forName(args[0])
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[0]);
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe ends it as well.
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}

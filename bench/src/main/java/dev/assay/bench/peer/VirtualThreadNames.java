package dev.assay.bench.peer;

import java.util.Hashtable;
import java.util.concurrent.ThreadFactory;

import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/// Gives virtual threads to whoever looks for a container's thread factory by JNDI, as Parallel
/// Consumer does for its workers.
public final class VirtualThreadNames implements InitialContextFactory {

    /// Installs itself for this JVM.
    static void install() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, VirtualThreadNames.class.getName());
    }

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
        return new Names();
    }

    private static final class Names extends InitialContext {

        Names() throws NamingException {
            super(true);
        }

        @Override
        public Object lookup(String name) throws NamingException {
            if (name.endsWith("ThreadFactory")) {
                ThreadFactory virtual = Thread.ofVirtual().name("worker-", 0).factory();
                return virtual;
            }
            throw new NamingException("nothing is called " + name);
        }
    }
}

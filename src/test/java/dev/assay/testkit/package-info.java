/// What integration tests run on: a broker, a registry, and other JVMs to kill.
@NullMarked
package dev.assay.testkit;

import org.jspecify.annotations.NullMarked;

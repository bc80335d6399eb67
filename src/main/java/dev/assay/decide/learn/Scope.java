package dev.assay.decide.learn;

import java.util.Optional;

/// Among whom grades are shared: all prompts of a route, or those of one tenant on it.
///
/// @param tenant present where it shares with nobody
public record Scope(String route, Optional<String> tenant) {

    /// As text, for keys; no two scopes share one.
    public String key() {
        return tenant.map(name -> route.length() + ":" + route + "/" + name).orElse(route);
    }
}

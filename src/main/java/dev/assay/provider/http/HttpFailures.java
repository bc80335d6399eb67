package dev.assay.provider.http;

import dev.assay.provider.http.HttpOutcome.BrokenBody;
import dev.assay.provider.http.HttpOutcome.Disconnected;
import dev.assay.provider.http.HttpOutcome.NoReply;
import dev.assay.provider.http.HttpOutcome.NotTrusted;
import dev.assay.provider.http.HttpOutcome.TimedOut;
import dev.assay.provider.http.HttpOutcome.Wait;

import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// What an exception from the HTTP client means.
///
/// @param connectTimeout the limit for a connection, to be named
/// @param idleTimeout the limit between bytes, to be named
record HttpFailures(Duration connectTimeout, Duration idleTimeout) {

    /// @param sent whether the whole request had been sent before
    NoReply of(Exception e, boolean sent) {
        return switch (e) {
            case BrokenBodyException broken -> new BrokenBody(String.valueOf(broken.getMessage()));
            case ConnectionRequestTimeoutException full ->
                    new Disconnected("all connections to it are in use", false);
            case ConnectTimeoutException connect ->
                    new TimedOut(Wait.CONNECT, connectTimeout, false);
            case SocketTimeoutException idle when sent ->
                    new TimedOut(Wait.NEXT_BYTE, idleTimeout, true);
            case SocketTimeoutException handshake ->
                    new TimedOut(Wait.CONNECT, connectTimeout, false);
            case UnknownHostException host -> new Disconnected("its host name is not known", false);
            case SSLPeerUnverifiedException peer ->
                    new NotTrusted("its TLS certificate is for another host");
            case SSLException tls when hasCause(tls, CertificateException.class) ->
                    new NotTrusted("its TLS certificate is not trusted");
            case SSLException tls -> new Disconnected("the TLS connection failed", sent);
            case NoHttpResponseException none ->
                    new Disconnected("it closed the connection without a reply", sent);
            case ClientProtocolException protocol ->
                    new Disconnected("what it sent is not HTTP", sent);
            case ConnectException _, NoRouteToHostException _, BindException _ ->
                    new Disconnected("it cannot be connected to", false);
            default -> new Disconnected("the connection broke", sent);
        };
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}

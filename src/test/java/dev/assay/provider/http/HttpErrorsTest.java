package dev.assay.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.provider.CallAddress;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

class HttpErrorsTest {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final HttpFailures FAILURES = new HttpFailures(CONNECT, IDLE);
    private static final HttpErrors ERRORS =
            new HttpErrors(new CallAddress("small", "https://api.example.com/v1", List.of()));

    static Stream<Arguments> exceptions() {
        SSLHandshakeException untrusted = new SSLHandshakeException("PKIX path building failed");
        untrusted.initCause(new CertificateException("unable to find valid certification path"));
        return Stream.of(
                Arguments.of(
                        new BrokenBodyException("it broke off"),
                        true,
                        new BrokenBody("it broke off")),
                Arguments.of(
                        new ConnectionRequestTimeoutException("pool"),
                        false,
                        new Disconnected("all connections to it are in use", false)),
                Arguments.of(
                        new ConnectTimeoutException("connect"),
                        false,
                        new TimedOut(Wait.CONNECT, CONNECT, false)),
                Arguments.of(
                        new SocketTimeoutException("handshake"),
                        false,
                        new TimedOut(Wait.CONNECT, CONNECT, false)),
                Arguments.of(
                        new SocketTimeoutException("read"),
                        true,
                        new TimedOut(Wait.NEXT_BYTE, IDLE, true)),
                Arguments.of(
                        new UnknownHostException("api.example.com"),
                        false,
                        new Disconnected("its host name is not known", false)),
                Arguments.of(
                        new ConnectException("refused"),
                        false,
                        new Disconnected("it cannot be connected to", false)),
                Arguments.of(
                        new NoRouteToHostException("unreachable"),
                        false,
                        new Disconnected("it cannot be connected to", false)),
                Arguments.of(
                        new SocketException("broken pipe"),
                        false,
                        new Disconnected("the connection broke", false)),
                Arguments.of(
                        new SocketException("reset"),
                        true,
                        new Disconnected("the connection broke", true)),
                Arguments.of(
                        new NoHttpResponseException("none"),
                        true,
                        new Disconnected("it closed the connection without a reply", true)),
                Arguments.of(
                        new ClientProtocolException("220"),
                        true,
                        new Disconnected("what it sent is not HTTP", true)),
                Arguments.of(
                        untrusted, false, new NotTrusted("its TLS certificate is not trusted")),
                Arguments.of(
                        new SSLPeerUnverifiedException("other"),
                        false,
                        new NotTrusted("its TLS certificate is for another host")),
                Arguments.of(
                        new SSLHandshakeException("closed"),
                        false,
                        new Disconnected("the TLS connection failed", false)),
                Arguments.of(
                        new IOException("what"),
                        true,
                        new Disconnected("the connection broke", true)));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void exceptionsOfTheClientAreTold(Exception exception, boolean sent, NoReply expected) {
        assertThat(FAILURES.of(exception, sent)).isEqualTo(expected);
    }

    @Test
    void aServerThatIsNotTrustedIsGivenUp() {
        CallResult result = ERRORS.of(new NotTrusted("its TLS certificate is not trusted"), false);

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
        assertThat(((GiveUpOnModel) result).error().message())
                .contains("\"small\"", "https://api.example.com/v1", "trust store");
    }

    @Test
    void aTimeoutWhileConnectingIsNotBilled() {
        TryAgain result = (TryAgain) ERRORS.of(new TimedOut(Wait.CONNECT, CONNECT, false), false);

        assertThat(result.error().code()).isEqualTo(FailureCode.TIMEOUT);
        assertThat(result.error().message()).contains("within 10 s");
        assertThat(result.evidence()).isEqualTo(Evidence.CONGESTED);
        assertThat(result.billed()).isFalse();
    }

    @Test
    void aTimeoutAfterSendingMayBeBilled() {
        TimedOut timedOut = new TimedOut(Wait.WHOLE_REPLY, Duration.ofMillis(600_500), true);

        TryAgain result = (TryAgain) ERRORS.of(timedOut, false);

        assertThat(result.error().message()).contains("within 600500 ms", "Raise timeout");
        assertThat(result.billed()).isTrue();
    }

    @Test
    void thePromptsOwnDeadlineIsNoCongestion() {
        TryAgain result = (TryAgain) ERRORS.of(new TimedOut(Wait.WHOLE_REPLY, IDLE, true), true);

        assertThat(result.error().code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
        assertThat(result.evidence()).isEqualTo(Evidence.NONE);
        assertThat(result.billed()).isTrue();
    }
}

package dev.sheave.storage.s3;

import dev.sheave.storage.net.Causes;
import java.net.SocketTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * Tries again as the SDK does, but only once if the server doesn't answer at all: each attempt has
 * waited long for it. Immutable, as far as the SDK's strategy is.
 */
final class S3Retries implements RetryStrategy {
  private final RetryStrategy sdks;

  S3Retries(RetryStrategy sdks) {
    this.sdks = sdks;
  }

  /** The SDK's token of a call, and whether an attempt of the call has timed out. */
  private record Token(RetryToken sdks, boolean timedOut) implements RetryToken {
    static Token of(RetryToken token) {
      return (Token) token;
    }
  }

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    AcquireInitialTokenResponse response = sdks.acquireInitialToken(request);
    return AcquireInitialTokenResponse.create(new Token(response.token(), false), response.delay());
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    Token token = Token.of(request.token());
    boolean timesOut =
        Causes.has(request.failure(), SocketTimeoutException.class)
            || Causes.has(request.failure(), ApiCallAttemptTimeoutException.class);
    if (timesOut && token.timedOut()) {
      throw new TokenAcquisitionFailedException("timed out twice", token, request.failure());
    }
    RefreshRetryTokenResponse response =
        sdks.refreshRetryToken(request.toBuilder().token(token.sdks()).build());
    return RefreshRetryTokenResponse.create(
        new Token(response.token(), token.timedOut() || timesOut), response.delay());
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    RetryToken token = Token.of(request.token()).sdks();
    return RecordSuccessResponse.create(
        new Token(sdks.recordSuccess(RecordSuccessRequest.create(token)).token(), false));
  }

  @Override
  public int maxAttempts() {
    return sdks.maxAttempts();
  }

  /** It has them already. */
  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return sdks.toBuilder();
  }
}

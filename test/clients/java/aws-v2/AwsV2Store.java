import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What all clients of the AWS SDK for Java v2 share. */
abstract class AwsV2Store implements ObjectStore {
    protected final Place place;

    AwsV2Store(Place place) {
        this.place = place;
    }

    static AwsCredentialsProvider credentials(Place place) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(place.keyId(), place.secret()));
    }

    static Region region(Place place) {
        return Region.of(place.region());
    }

    static String rangeOf(long first, long last) {
        return "bytes=" + first + "-" + last;
    }

    @Override
    public URI presign(String key) throws Exception {
        var paths = S3Configuration.builder().pathStyleAccessEnabled(true).build();
        try (var presigner = S3Presigner.builder().endpointOverride(place.endpoint()).region(region(place))
                .credentialsProvider(credentials(place)).serviceConfiguration(paths).build()) {
            return presigner.presignGetObject(sign -> sign.signatureDuration(Duration.ofMinutes(5))
                    .getObjectRequest(get -> get.bucket(place.bucket()).key(key))).url().toURI();
        }
    }

    @Override
    public String code(Exception failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) cause = cause.getCause();
        if (!(cause instanceof AwsServiceException refused)) return null;
        String code = refused.awsErrorDetails() == null ? null : refused.awsErrorDetails().errorCode();
        // A response to HEAD has a status and no code.
        return code == null || code.isEmpty() ? String.valueOf(refused.statusCode()) : code;
    }
}

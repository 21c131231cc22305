import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import java.time.Duration;
import java.time.Instant;

/**
 * The SDK with whatever credentials its own chain finds: stores, reads, lists and presigns below `in/`, and tries to store outside. Prints a line of JSON:
 * presigned URLs, two where credentials were renewed, and the code with which the object outside was refused.
 */
class TemporaryCredentials {
    private static final String KEY = "in/a b";
    private static final String BODY = "from Java";
    private static final Duration RENEWAL_TIME_MAX = Duration.ofMinutes(1);
    private static final Pattern SIGNING_KEY = Pattern.compile("X-Amz-Credential=([A-Z0-9]+)");

    private final String bucket;
    private final S3Client s3;
    private final S3Presigner presigner;

    private TemporaryCredentials(String bucket, S3Client s3, S3Presigner presigner) {
        this.bucket = bucket;
        this.s3 = s3;
        this.presigner = presigner;
    }

    /** Arguments: bucket; "renewed" where credentials are to be renewed meanwhile, else "kept". */
    public static void main(String[] arguments) {
        try (var s3 = S3Client.builder().forcePathStyle(true).build();
                var presigner = S3Presigner.builder().s3Client(s3)
                        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build()).build()) {
            new TemporaryCredentials(arguments[0], s3, presigner).run(arguments[1].equals("renewed"));
        }
    }

    private void run(boolean isRenewed) {
        roundTrip();
        List<String> urls = new ArrayList<>(List.of(presign()));
        String refusedWith = null;
        try {
            s3.putObject(put -> put.bucket(bucket).key("out"), RequestBody.fromString(BODY));
        } catch (S3Exception refused) {
            refusedWith = refused.awsErrorDetails().errorCode();
        }
        if (isRenewed) {
            var giveUp = Instant.now().plus(RENEWAL_TIME_MAX);
            while (signingKeyOf(presign()).equals(signingKeyOf(urls.get(0)))) {
                if (Instant.now().isAfter(giveUp)) throw new AssertionError("not renewed");
                roundTrip();
            }
            roundTrip();
            urls.add(presign());
        }
        var line = new HashMap<String, Object>();
        line.put("urls", urls);
        line.put("refusedWith", refusedWith);
        Gson gson = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
        System.out.println(gson.toJson(line));
    }

    private void roundTrip() {
        s3.putObject(put -> put.bucket(bucket).key(KEY), RequestBody.fromString(BODY));
        String got = s3.getObjectAsBytes(get -> get.bucket(bucket).key(KEY)).asUtf8String();
        if (!got.equals(BODY)) throw new AssertionError("another body: " + got);
        var found = s3.listObjectsV2(list -> list.bucket(bucket).prefix("in/")).contents();
        if (found.size() != 1 || !found.get(0).key().equals(KEY)) throw new AssertionError("listed: " + found);
    }

    private String presign() {
        return presigner.presignGetObject(sign -> sign.signatureDuration(Duration.ofMinutes(5))
                .getObjectRequest(get -> get.bucket(bucket).key(KEY))).url().toString();
    }

    private static String signingKeyOf(String url) {
        var match = SIGNING_KEY.matcher(url);
        if (!match.find()) throw new AssertionError(url);
        return match.group(1);
    }
}

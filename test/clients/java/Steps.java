import com.google.gson.Gson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Drives one Java client of S3 through the steps that all clients of the matrix go through, and prints a line of JSON for each.
 *
 * <p>Arguments: name of the client, the file with the steps' values, endpoint, region, the key's bucket, another bucket. The bucket's key is
 * found in the environment.
 */
class Steps {
    private static final Gson JSON = new Gson();

    /** The values of steps.json. */
    private static class Values {
        List<String> keys;
        int smallBytes;
        int[][] ranges;
        Large large;
        String[][] copies;
        Pages pages;
        String missing;
    }

    private static class Large {
        String key;
        int bytes;
        int partBytes;
        int[] range;
    }

    private static class Pages {
        String prefix;
        int count;
        int size;
    }

    private interface Action {
        void run() throws Exception;
    }

    private interface ActionOfKey {
        void run(String key) throws Exception;
    }

    private final Values values;
    private final ObjectStore store;
    private final byte[] small;

    private Steps(Values values, ObjectStore store) {
        this.values = values;
        this.store = store;
        this.small = bodyOf(values.smallBytes);
    }

    public static void main(String[] arguments) throws Exception {
        var opener = Clients.CLIENTS.get(arguments[0]);
        if (opener == null) throw new IllegalArgumentException("no client " + arguments[0]);
        var values = JSON.fromJson(Files.readString(Path.of(arguments[1])), Values.class);
        var place = new Place(URI.create(arguments[2]), arguments[3], arguments[4],
                System.getenv("AWS_ACCESS_KEY_ID"), System.getenv("AWS_SECRET_ACCESS_KEY"));
        try (var store = opener.open(place)) {
            var steps = new Steps(values, store);
            steps.objects();
            refusal("missing", store, values.missing);
            refusal("wrong-secret", opener, place.withSecret(place.secret() + "x"), values.keys.get(0));
            refusal("unknown-key", opener, place.withKeyId("AKIAUNKNOWNUNKNOWN00"), values.keys.get(0));
            refusal("other-bucket", opener, place.withBucket(arguments[5]), values.keys.get(0));
            step("delete", steps::delete);
        }
        // Clients leave threads behind that would keep the process.
        System.exit(0);
    }

    private void objects() {
        step("put", () -> eachKey(key -> store.put(key, small)));
        step("get", () -> eachKey(key -> expectBytes(small, store.get(key))));
        step("range", () -> eachKey(key -> {
            for (int[] range : values.ranges) expectRange(small, key, range);
        }));
        step("head", () -> eachKey(key -> {
            long size = store.size(key);
            if (size != small.length) throw new AssertionError(size + " bytes instead of " + small.length);
        }));
        step("parts", () -> {
            byte[] large = bodyOf(values.large.bytes);
            store.putInParts(values.large.key, large, values.large.partBytes);
            expectBytes(large, store.get(values.large.key));
            expectRange(large, values.large.key, values.large.range);
        });
        step("copy", () -> {
            for (String[] names : values.copies) {
                store.copy(names[0], names[1]);
                expectBytes(small, store.get(names[1]));
            }
        });
        step("list", this::list);
        step("presign", () -> eachKey(key -> expectBytes(small, fetch(store.presign(key)))));
    }

    /** Looks at keys that are hard to encode, and at several pages. */
    private void list() throws Exception {
        var hard = new ArrayList<>(values.keys);
        hard.sort((one, other) -> Arrays.compareUnsigned(utf8(one), utf8(other)));
        expectKeys(hard, store.list("keys/", 3));
        var paged = new ArrayList<String>();
        for (int n = 0; n < values.pages.count; n++) paged.add(String.format("%s%03d", values.pages.prefix, n));
        for (String key : paged) store.put(key, new byte[0]);
        expectKeys(paged, store.list(values.pages.prefix, values.pages.size));
    }

    private void delete() throws Exception {
        store.delete(store.list("", 1000));
        expectKeys(List.of(), store.list("", 1000));
    }

    private void eachKey(ActionOfKey action) throws Exception {
        for (String key : values.keys) {
            try {
                action.run(key);
            } catch (UnsupportedOperationException failure) {
                throw failure;
            } catch (Exception | AssertionError failure) {
                throw new Exception(key + ": " + failure, failure);
            }
        }
    }

    private void expectRange(byte[] whole, String key, int[] range) throws Exception {
        expectBytes(Arrays.copyOfRange(whole, range[0], range[1] + 1), store.getRange(key, range[0], range[1]));
    }

    private static void step(String name, Action action) {
        try {
            action.run();
            say(name, Map.of());
        } catch (UnsupportedOperationException notOffered) {
            // The test knows which steps a client leaves out.
        } catch (Exception | AssertionError failure) {
            say(name, Map.of("error", wordsOf(failure)));
        }
    }

    private static void refusal(String name, ObjectStore.Opener opener, Place place, String key) {
        try (var store = opener.open(place)) {
            refusal(name, store, key);
        } catch (Exception failure) {
            say(name, Map.of("error", wordsOf(failure)));
        }
    }

    /** Says with which code something that must fail was refused. */
    private static void refusal(String name, ObjectStore store, String key) {
        try {
            store.get(key);
            say(name, Map.of("error", "it was not refused"));
        } catch (Exception failure) {
            String code = store.code(failure);
            say(name, code == null ? Map.of("error", wordsOf(failure)) : Map.of("refusedWith", code));
        }
    }

    private static void say(String name, Map<String, String> more) {
        var line = new LinkedHashMap<String, String>(Map.of("step", name));
        line.putAll(more);
        System.out.println(JSON.toJson(line));
    }

    private static String wordsOf(Throwable failure) {
        var words = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) words.append(" < ").append(cause);
        return words.toString();
    }

    /** The object of so many bytes that each program of the matrix makes alike. */
    private static byte[] bodyOf(int length) {
        byte[] body = new byte[length];
        for (int at = 0; at < length; at++) body[at] = (byte) (at * 7 + (at >> 8));
        return body;
    }

    private static void expectBytes(byte[] wanted, byte[] got) {
        if (!Arrays.equals(wanted, got))
            throw new AssertionError(got.length + " bytes that are not the " + wanted.length + " put");
    }

    private static void expectKeys(List<String> wanted, List<String> got) {
        if (!wanted.equals(got)) throw new AssertionError("listed " + got + " instead of " + wanted);
    }

    private static byte[] fetch(URI url) throws Exception {
        var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) throw new AssertionError("the presigned URL is answered with " + answer.statusCode());
        return answer.body();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

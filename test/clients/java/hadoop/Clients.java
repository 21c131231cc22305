import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file system over S3. */
class Clients {
    static final Map<String, ObjectStore.Opener> CLIENTS = Map.of("s3a", S3aStore::new);

    private static class S3aStore implements ObjectStore {
        private final Place place;
        private final FileSystem files;

        S3aStore(Place place) throws Exception {
            this.place = place;
            files = open(new Configuration());
        }

        private FileSystem open(Configuration settings) throws Exception {
            settings.set("fs.s3a.endpoint", place.endpoint().toString());
            settings.set("fs.s3a.endpoint.region", place.region());
            settings.set("fs.s3a.access.key", place.keyId());
            settings.set("fs.s3a.secret.key", place.secret());
            settings.setBoolean("fs.s3a.path.style.access", true);
            settings.setBoolean("fs.s3a.connection.ssl.enabled", false);
            return FileSystem.newInstance(URI.create("s3a://" + place.bucket()), settings);
        }

        /** A path without a parse: a key may have a colon. */
        private Path path(String key) {
            return new Path("s3a", place.bucket(), "/" + key);
        }

        @Override
        public void put(String key, byte[] body) throws Exception {
            write(files, key, body);
        }

        private void write(FileSystem to, String key, byte[] body) throws Exception {
            try (var file = to.create(path(key))) {
                file.write(body);
            }
        }

        @Override
        public void putInParts(String key, byte[] body, int partBytes) throws Exception {
            var settings = new Configuration();
            settings.setInt("fs.s3a.multipart.size", partBytes);
            settings.setInt("fs.s3a.multipart.threshold", partBytes);
            try (var inParts = open(settings)) {
                write(inParts, key, body);
            }
        }

        @Override
        public byte[] get(String key) throws Exception {
            try (var file = files.open(path(key))) {
                return file.readAllBytes();
            }
        }

        @Override
        public byte[] getRange(String key, long first, long last) throws Exception {
            byte[] range = new byte[(int) (last - first + 1)];
            try (var file = files.open(path(key))) {
                file.readFully(first, range);
            }
            return range;
        }

        @Override
        public long size(String key) throws Exception {
            return files.getFileStatus(path(key)).getLen();
        }

        /** It copies only when it renames: renames a second file with the same bytes. */
        @Override
        public void copy(String from, String to) throws Exception {
            String second = from + " again";
            put(second, get(from));
            files.mkdirs(path(to).getParent());
            if (!files.rename(path(second), path(to))) throw new AssertionError(second + " was not renamed to " + to);
        }

        @Override
        public List<String> list(String prefix, int pageSize) throws Exception {
            var settings = new Configuration();
            settings.setInt("fs.s3a.paging.maximum", pageSize);
            var keys = new ArrayList<String>();
            try (var inPages = open(settings)) {
                var found = inPages.listFiles(path(prefix), true);
                while (found.hasNext()) keys.add(found.next().getPath().toUri().getPath().substring(1));
            }
            return keys;
        }

        @Override
        public URI presign(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(List<String> keys) throws Exception {
            for (String key : keys.subList(0, 2)) files.delete(path(key), false);
            for (FileStatus rest : files.listStatus(path(""))) files.delete(rest.getPath(), true);
        }

        @Override
        public String code(Exception failure) {
            return failure.getClass().getSimpleName();
        }

        @Override
        public void close() throws Exception {
            files.close();
        }
    }
}

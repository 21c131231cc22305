import java.net.URI;
import java.util.List;

/** One client, told in the words that all of them share. What a client does not offer throws UnsupportedOperationException. */
interface ObjectStore extends AutoCloseable {
    void put(String key, byte[] body) throws Exception;

    void putInParts(String key, byte[] body, int partBytes) throws Exception;

    byte[] get(String key) throws Exception;

    /** The bytes from the first to the last, both included. */
    byte[] getRange(String key, long first, long last) throws Exception;

    long size(String key) throws Exception;

    void copy(String from, String to) throws Exception;

    /** The keys under a prefix in the order in which they came, asking for so many at a time. */
    List<String> list(String prefix, int pageSize) throws Exception;

    URI presign(String key) throws Exception;

    void delete(List<String> keys) throws Exception;

    /** The server's own word for why it refused; null: it said none. */
    String code(Exception failure);

    /** Opens a client; each folder's class Clients names its own. */
    interface Opener {
        ObjectStore open(Place place) throws Exception;
    }
}

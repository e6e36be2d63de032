import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** A token and a secret by plain HTTP, with Java's own library and its own trust. */
public class Plain {
    static final String METADATA = "http://169.254.169.254/metadata/identity/oauth2/token";
    static final String QUERY = "?api-version=2018-02-01&resource=https://vault.azure.net";

    public static void main(String[] argv) throws Exception {
        String token = member(fetch(METADATA + QUERY, "Metadata", "true"), "access_token");
        System.out.println(member(fetch(argv[0], "Authorization", "Bearer " + token), "value"));
    }

    static String fetch(String url, String header, String value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header(header, value).build();
        HttpClient client = HttpClient.newHttpClient();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    static String member(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!found.find()) throw new IllegalStateException(json);
        return found.group(1);
    }
}

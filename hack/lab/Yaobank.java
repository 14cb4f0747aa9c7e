import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// What runs in a pod of the lab: one of the three tiers of yaobank, or an echo.
///
///     java Yaobank KIND NAME PORT     KIND is customer, summary, database or echo
///
/// Whatever the kind, each answer says in its headers which pod answered (`X-Pod`) and whom that pod saw (`X-Client`), and
/// `/whoami` says the same in its body without asking another tier.
final class Yaobank {
    /// The ClusterIPs of the tier behind, which is how a pod reaches it in a real cluster too.
    private static final String SUMMARY = "http://10.49.80.32/";

    private static final String DATABASE = "http://10.49.164.49:2379/v2/keys/accounts/519940";

    private static final int PATIENCE_MILLIS = 2000;

    private final String kind;
    private final String name;

    private Yaobank(String kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    public static void main(String[] args) throws IOException {
        // A connection of its own for each question, so that each is spread over the pods of the tier behind.
        System.setProperty("http.keepAlive", "false");
        // The server's own way to send a small answer is two packets, and the second waits for the first.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[2])), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Yaobank pod = new Yaobank(args[0], args[1]);
        server.createContext("/", pod::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        int status = 200;
        String body;
        try {
            body = exchange.getRequestURI().getPath().equals("/whoami") ? whoami(client) : page(client);
        } catch (IOException e) {
            status = 502;
            body = name + ": the tier behind does not answer: " + e.getMessage() + "\n";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Pod", name);
        exchange.getResponseHeaders().set("X-Client", client);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private String whoami(String client) {
        return "pod=" + name + " client=" + client + "\n";
    }

    private String page(String client) throws IOException {
        return switch (kind) {
            case "database" -> """
                    {"action":"get","node":{"key":"/accounts/519940","value":"Spike Curtis;2389.45"}}
                    """;
            case "summary" -> {
                String answer = ask(DATABASE);
                int start = answer.indexOf("\"value\":\"");
                if (start < 0) {
                    throw new IOException("not an answer of the database: " + answer);
                }
                String value = answer.substring(start + 9, answer.indexOf('"', start + 9));
                String[] parts = value.split(";", 2);
                yield "name=" + parts[0] + "\nbalance=" + parts[1] + "\nsummary=" + name + "\n";
            }
            case "customer" -> {
                String[] lines = ask(SUMMARY).split("\n");
                yield """
                        <!DOCTYPE html>
                        <html lang="en">
                          <head><title>YAO Bank</title></head>
                          <body>
                            <h1>YAO Bank</h1>
                            <p>Name: %s</p>
                            <p>Balance: %s</p>
                            <p>This page was made by pod %s with the help of %s, for %s.</p>
                          </body>
                        </html>
                        """.formatted(after(lines[0]), after(lines[1]), name, after(lines[2]), client);
            }
            default -> whoami(client);
        };
    }

    private static String after(String line) {
        return line.substring(line.indexOf('=') + 1);
    }

    private static String ask(String address) throws IOException {
        URL url = URI.create(address).toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        try (InputStream answer = connection.getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException(url.getHost() + ":" + (url.getPort() < 0 ? 80 : url.getPort()) + ": " + e.getMessage(), e);
        }
    }
}

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Writes the definitions that `bellman lint` judges by as JSON schemas for kubeconform: `java Schemas.java OUT FOLDER...`.
///
/// CEL rules are left out, since kubeconform has none; unknown fields are errors, as they are to Bellman.
final class Schemas {
    private Schemas() {}

    public static void main(String... args) throws IOException {
        Path out = Files.createDirectories(Path.of(args[0]));
        for (String folder : List.of(args).subList(1, args.length)) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                    convert(file, out);
                }
            }
        }
    }

    private static void convert(Path file, Path out) throws IOException {
        Map<?, ?> definition = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        Map<?, ?> spec = (Map<?, ?>) definition.get("spec");
        String kind = (String) ((Map<?, ?>) spec.get("names")).get("kind");
        Map<?, ?> version = (Map<?, ?>) ((List<?>) spec.get("versions")).getFirst();
        Map<?, ?> schema = (Map<?, ?>) ((Map<?, ?>) version.get("schema")).get("openAPIV3Schema");
        Map<String, Object> converted = object(schema);
        converted.remove("additionalProperties");
        // What every object has there is in no definition.
        if (((Map<?, ?>) converted.get("properties")).get("metadata") instanceof Map<?, ?> metadata) {
            metadata.remove("additionalProperties");
        }
        new ObjectMapper().writeValue(out.resolve(kind.toLowerCase(java.util.Locale.ROOT) + ".json").toFile(), converted);
    }

    private static Map<String, Object> object(Map<?, ?> schema) {
        Map<String, Object> converted = new LinkedHashMap<>();
        boolean open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
        schema.forEach((key, value) -> {
            String name = (String) key;
            switch (name) {
                case "properties" -> {
                    Map<String, Object> properties = new LinkedHashMap<>();
                    ((Map<?, ?>) value).forEach((field, one) -> properties.put((String) field, object((Map<?, ?>) one)));
                    converted.put(name, properties);
                }
                case "items" -> converted.put(name, object((Map<?, ?>) value));
                case "additionalProperties" -> converted.put(name, value instanceof Map<?, ?> map ? object(map) : value);
                case "x-kubernetes-int-or-string" -> converted.put("type", List.of("integer", "string"));
                default -> {
                    if (!name.startsWith("x-kubernetes-") && !name.equals("default")) {
                        converted.put(name, value);
                    }
                }
            }
        });
        if (converted.containsKey("properties") && !converted.containsKey("additionalProperties") && !open) {
            converted.put("additionalProperties", false);
        }
        return converted;
    }
}

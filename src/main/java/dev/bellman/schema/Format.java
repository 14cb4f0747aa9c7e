package dev.bellman.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.bellman.address.Ip;
import dev.bellman.document.Names;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `format` of a string, as the API server checks it (apiextensions-apiserver 1.35 with kube-openapi's strfmt).
///
/// The server ignores a format that it does not know, and also `int32` and `int64`: nothing holds a field of a custom
/// resource within 32 bits but its own maximum.
enum Format {
    NONE("any text"),
    IPV4("an IPv4 address, such as `10.49.0.1`"),
    IPV6("an IPv6 address, such as `fd00:10:49::1`"),
    CIDR("a CIDR, such as `10.49.0.0/16`"),
    MAC("a MAC address, such as `00:00:5e:00:53:01`"),
    UUID("a UUID"),
    DATE("a date, such as `2026-11-23`"),
    DATE_TIME("a time, such as `2026-11-23T10:00:00Z`"),
    DURATION("a duration, such as `30s`"),
    BYTE("base64"),
    SHORT_NAME("a name of lower-case letters, digits and `-`, at most 63 characters"),
    LONG_NAME("a name of lower-case letters, digits, `-` and `.`, at most 253 characters"),
    IP("an IP address, such as `10.49.0.1`"),
    CLUSTER_IP("an IP address, or `None`"),
    ENDPOINT_IP("an IP address that others can reach: no loopback or link-local one"),
    SOURCE_RANGE("a CIDR, such as `192.0.2.0/24`"),
    QUALIFIED_NAME("a name, such as `http` or `example.com/name`"),
    LABEL_VALUE("a value of a label");

    /// Formats that the server checks and no definition of Bellman's uses: refused rather than passed over.
    private static final Set<String> UNCHECKED = Set.of(
            "uri",
            "email",
            "hostname",
            "uuid3",
            "uuid4",
            "uuid5",
            "hexcolor",
            "rgbcolor",
            "ssn",
            "creditcard",
            "isbn",
            "isbn10",
            "isbn13",
            "bsonobjectid");

    private static final Pattern UUIDS =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
    private static final Pattern TIME =
            Pattern.compile("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
    private static final Pattern GO_DURATION =
            Pattern.compile("^[-+]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$");
    private static final Pattern SCALA_DURATION = Pattern.compile(
            "(?i)[0-9]+\\s*((ns|us|µs|ms|s|m|h|hr|d|w|wk)([^a-zµ]|$)|nano|micro|milli|sec|min|hour|day|week)");
    private static final Pattern MACS = Pattern.compile("(?i)^([0-9a-f]{2}(:[0-9a-f]{2}){5}((:[0-9a-f]{2}){2})?|"
            + "[0-9a-f]{2}(-[0-9a-f]{2}){5}((-[0-9a-f]{2}){2})?|[0-9a-f]{4}(\\.[0-9a-f]{4}){2,3})$");
    private final String noun;

    Format(String noun) {
        this.noun = noun;
    }

    /// What a value of this format is, with an example.
    String noun() {
        return noun;
    }

    static Format of(@Nullable String name) {
        return switch (name) {
            case "ipv4" -> IPV4;
            case "ipv6" -> IPV6;
            case "cidr" -> CIDR;
            case "mac" -> MAC;
            case "uuid" -> UUID;
            case "date" -> DATE;
            case "date-time", "datetime" -> DATE_TIME;
            case "duration" -> DURATION;
            case "byte" -> BYTE;
            case "k8s-short-name" -> SHORT_NAME;
            case "k8s-long-name" -> LONG_NAME;
            // Those below are of no custom resource: the server checks these fields in its own code.
            case "x-ip" -> IP;
            case "x-cluster-ip" -> CLUSTER_IP;
            case "x-endpoint-ip" -> ENDPOINT_IP;
            case "x-source-range" -> SOURCE_RANGE;
            case "x-qualified-name" -> QUALIFIED_NAME;
            case "x-label-value" -> LABEL_VALUE;
            case null -> NONE;
            default -> {
                if (UNCHECKED.contains(name)) {
                    throw new IllegalStateException("format `" + name + "` is not one that Bellman checks");
                }
                yield NONE;
            }
        };
    }

    boolean admits(String value) {
        return switch (this) {
            case NONE -> true;
            case IPV4 -> IpSyntax.isAddress(value) && value.contains(".");
            case IPV6 -> IpSyntax.isAddress(value) && value.contains(":");
            case CIDR -> IpSyntax.isNetwork(value);
            case MAC -> MACS.matches(value);
            case UUID -> UUIDS.matches(value);
            case DATE -> date(value);
            case DATE_TIME -> time(value);
            case DURATION ->
                GO_DURATION.matches(value) || SCALA_DURATION.matcher(value).find();
            case BYTE -> base64(value);
            case SHORT_NAME -> value.length() <= 63 && Names.isLabel(value);
            case LONG_NAME -> value.length() <= 253 && Names.isSubdomain(value);
            case IP -> IpSyntax.isAddress(value);
            case CLUSTER_IP -> value.equals("None") || IpSyntax.isAddress(value);
            case ENDPOINT_IP -> endpoint(value);
            case SOURCE_RANGE -> IpSyntax.isNetwork(value.strip());
            case QUALIFIED_NAME -> Metadata.qualified(value) == null;
            case LABEL_VALUE -> Metadata.labelValue(value) == null;
        };
    }

    private static boolean endpoint(String value) {
        Ip ip = IpSyntax.parse(value);
        return ip != null && !ip.isUnspecified() && !ip.isLoopback() && !ip.isLinkLocal() && !ip.isLinkLocalMulticast();
    }

    private static boolean date(String value) {
        if (value.length() != 10) {
            return false;
        }
        try {
            LocalDate.parse(value, DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT));
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean time(String value) {
        String[] parts = value.toLowerCase(Locale.ROOT).split("t", -1);
        if (parts.length < 2 || !date(parts[0])) {
            return false;
        }
        Matcher clock = TIME.matcher(parts[1]);
        return clock.find()
                && clock.group(1).compareTo("23") <= 0
                && clock.group(2).compareTo("59") <= 0
                && clock.group(3).compareTo("59") <= 0;
    }

    private static boolean base64(String value) {
        try {
            Base64.getDecoder().decode(value);
            return !value.isEmpty() && value.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

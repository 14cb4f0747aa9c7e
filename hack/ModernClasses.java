import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Rewrites the classes of jars that were compiled for Java 5, as picocli's are, into the form of Java 8.
///
/// The AOT cache takes no class older than Java 6, since those have no stack maps. picocli's 228 classes, parsed and
/// verified anew at each start, take longer than all the rest of the start. The code stays the same; only its stack maps
/// are added. A jar without such classes is left alone.
void main(String... jars) throws IOException {
    for (String jar : jars) {
        modernize(Path.of(jar));
    }
}

private static final int JAVA_6 = 50;
private static final int JAVA_8 = 52;
private static final String SUFFIX = ".class";

private static void modernize(Path jar) throws IOException {
    Map<String, byte[]> entries = read(jar);
    ClassFile classFile = ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy(entries)));
    int changed = 0;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        if (entry.getKey().endsWith(SUFFIX) && classFile.parse(entry.getValue()).majorVersion() < JAVA_6) {
            entry.setValue(modernized(classFile, entry.getValue()));
            changed++;
        }
    }
    if (changed > 0) {
        write(jar, entries);
    }
}

private static byte[] modernized(ClassFile classFile, byte[] old) {
    ClassTransform version = (builder, element) -> {
        if (element instanceof ClassFileVersion) {
            builder.withVersion(JAVA_8, 0);
        } else {
            builder.with(element);
        }
    };
    // Method bodies go through a transform, even one that changes nothing, to be written anew with their stack maps.
    return classFile.transformClass(
            classFile.parse(old), ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen(version));
}

/// Who extends whom, which stack maps depend on: first among the jar's own classes, then in the JDK.
private static ClassHierarchyResolver hierarchy(Map<String, byte[]> entries) {
    return ClassHierarchyResolver.ofResourceParsing(type -> {
                String descriptor = type.descriptorString();
                byte[] bytes = entries.get(descriptor.substring(1, descriptor.length() - 1) + SUFFIX);
                return bytes == null ? null : new ByteArrayInputStream(bytes);
            })
            .orElse(ClassHierarchyResolver.defaultResolver());
}

private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            entries.put(entry.getName(), in.readAllBytes());
        }
    }
    return entries;
}

private static void write(Path jar, Map<String, byte[]> entries) throws IOException {
    Path draft = jar.resolveSibling(jar.getFileName() + ".tmp");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(draft))) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            ZipEntry zipped = new ZipEntry(entry.getKey());
            zipped.setTime(0); // the same bytes from every build
            out.putNextEntry(zipped);
            out.write(entry.getValue());
            out.closeEntry();
        }
    }
    Files.move(draft, jar, StandardCopyOption.REPLACE_EXISTING);
}

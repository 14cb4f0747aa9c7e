package dev.bellman.source;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/// The files of one revision, read from the repository: nothing is checked out.
///
/// Reading is not limited to one thread at a time, since every read opens a reader of its own.
final class RevisionTree implements Tree {
    private static final int MAX_LINKS = 40;
    private static final String SHALLOW = "this clone is shallow, so fetch the rest: git fetch --unshallow origin";
    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_./-]*");

    private final Repository repository;
    private final Path root;
    private final SortedMap<String, Entry> entries;

    private record Entry(FileMode mode, ObjectId id) {}

    private RevisionTree(Repository repository, Path root, SortedMap<String, Entry> entries) {
        this.repository = repository;
        this.root = root;
        this.entries = entries;
    }

    /// @param inside a path in the working tree, which need not exist on disk; the repository is looked for upwards
    /// @throws SourceException if there is no repository or no such revision
    static RevisionTree open(Path inside, String revision) {
        Repository repository = repository(inside);
        try {
            Path root = root(repository);
            ObjectId commit = commit(repository, root, revision);
            return new RevisionTree(repository, root, entries(repository, commit));
        } catch (IOException | RevisionSyntaxException e) {
            repository.close();
            throw unreadable(revision, e);
        } catch (SourceException e) {
            repository.close();
            throw e;
        }
    }

    /// The commit where the ways to two revisions part.
    ///
    /// @throws SourceException if there is no repository, no such revision, or no commit that both come from
    static String mergeBase(Path inside, String base, String head) {
        try (Repository repository = repository(inside);
                RevWalk revisions = new RevWalk(repository)) {
            Path root = root(repository);
            RevCommit theirs = revisions.parseCommit(commit(repository, root, base));
            RevCommit ours = revisions.parseCommit(commit(repository, root, head));
            if (theirs.equals(ours)) {
                return ours.getName();
            }
            revisions.setRevFilter(RevFilter.MERGE_BASE);
            revisions.markStart(theirs);
            revisions.markStart(ours);
            RevCommit found = revisions.next();
            if (found == null) {
                throw new SourceException(base + " and " + head + " have no commit in common in " + root
                        + (isShallow(repository) ? "; " + SHALLOW : ""));
            }
            return found.getName();
        } catch (IOException | RevisionSyntaxException e) {
            throw unreadable(base, e);
        }
    }

    private static Path root(Repository repository) throws IOException {
        return (repository.isBare() ? repository.getDirectory() : repository.getWorkTree())
                .toPath()
                .toRealPath();
    }

    private static ObjectId commit(Repository repository, Path root, String revision) throws IOException {
        ObjectId commit = repository.resolve(revision + "^{commit}");
        if (commit == null) {
            throw new SourceException(
                    "there is no revision " + revision + " in " + root + "; " + advice(repository, revision));
        }
        return commit;
    }

    private static SourceException unreadable(String revision, Exception cause) {
        return new SourceException(
                switch (cause) {
                    case MissingObjectException _ ->
                        "revision " + revision + " is not all here; fetch it: git fetch --unshallow --refetch";
                    case RevisionSyntaxException _ -> "not a revision: " + revision;
                    default -> "revision " + revision + " cannot be read: " + cause.getMessage();
                },
                cause);
    }

    private static Repository repository(Path inside) {
        Path start = inside;
        while (!start.toFile().isDirectory() && start.getParent() != null) {
            start = start.getParent();
        }
        FileRepositoryBuilder builder = new FileRepositoryBuilder();
        builder.findGitDir(start.toFile());
        if (builder.getGitDir() == null) {
            throw new SourceException("no Git repository holds " + inside);
        }
        try {
            return builder.setMustExist(true).build();
        } catch (IOException e) {
            throw new SourceException("the Git repository of " + inside + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static String advice(Repository repository, String revision) {
        boolean named = NAME.matcher(revision).matches();
        String name = revision.startsWith("origin/") ? revision.substring("origin/".length()) : revision;
        if (isShallow(repository)) {
            return SHALLOW + (named ? " " + name : "");
        }
        return named ? "if the remote has it: git fetch origin " + name : "git log shows which there are";
    }

    private static boolean isShallow(Repository repository) {
        return new File(repository.getCommonDirectory(), "shallow").exists();
    }

    private static SortedMap<String, Entry> entries(Repository repository, ObjectId commit) throws IOException {
        SortedMap<String, Entry> entries = new TreeMap<>();
        try (RevWalk revisions = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(revisions.parseCommit(commit).getTree());
            walk.setRecursive(false);
            while (walk.next()) {
                entries.put(walk.getPathString(), new Entry(walk.getFileMode(0), walk.getObjectId(0)));
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                }
            }
        }
        return entries;
    }

    @Override
    public boolean covers(Path path) {
        return path.startsWith(root) || outer(path).startsWith(root);
    }

    @Override
    public boolean isFolder(Path path) {
        String found = followed(path);
        return found != null && (found.isEmpty() || isTree(entries.get(found)));
    }

    private static boolean isTree(@Nullable Entry entry) {
        return entry != null && entry.mode().equals(FileMode.TREE);
    }

    @Override
    public boolean isFile(Path path) {
        String found = followed(path);
        Entry entry = found == null ? null : entries.get(found);
        return entry != null && !isTree(entry);
    }

    @Override
    public boolean isSpecial(Path path) {
        return false;
    }

    @Override
    public boolean isEndless(Path path) {
        return way(path).isEndless();
    }

    @Override
    public List<String> names(Path folder) throws IOException {
        String found = followed(folder);
        if (found == null) {
            throw new NoSuchFileException(folder.toString());
        }
        String prefix = found.isEmpty() ? "" : found + "/";
        Map<String, Entry> below = prefix.isEmpty() ? entries : entries.subMap(prefix, found + "0");
        return below.keySet().stream()
                .map(name -> name.substring(prefix.length()))
                .filter(name -> name.indexOf('/') < 0)
                .toList();
    }

    @Override
    public byte[] read(Path file) throws IOException {
        String found = followed(file);
        Entry entry = found == null ? null : entries.get(found);
        if (entry == null) {
            throw new NoSuchFileException(file.toString());
        }
        try {
            return repository.open(entry.id()).getBytes();
        } catch (MissingObjectException e) {
            throw new IOException("its content is not in this clone; fetch it: git fetch --refetch", e);
        }
    }

    @Override
    public Path real(Path path) throws IOException {
        String found = followed(path);
        if (found == null) {
            throw new NoSuchFileException(path.toString());
        }
        return root.resolve(found);
    }

    /// The path in the repository with every symbolic link followed, or null when it leads nowhere.
    private @Nullable String followed(Path path) {
        return way(path).end();
    }

    /// Where the symbolic links of a path lead.
    ///
    /// @param end null where that is nowhere
    /// @param isEndless whether they lead in a circle
    private record Way(@Nullable String end, boolean isEndless) {
        static final Way NOWHERE = new Way(null, false);
    }

    private Way way(Path path) {
        Path real = path.startsWith(root) ? path : outer(path);
        return real.startsWith(root) ? follow(root.relativize(real).toString(), MAX_LINKS) : Way.NOWHERE;
    }

    /// The way to the working tree may have links of its own, which only the disk knows.
    private static Path outer(Path path) {
        try {
            Path parent = path.getParent();
            return path.toFile().exists()
                    ? path.toRealPath()
                    : parent == null ? path : outer(parent).resolve(path.getFileName());
        } catch (IOException e) {
            return path;
        }
    }

    private Way follow(String path, int links) {
        String done = "";
        String rest = path;
        while (!rest.isEmpty()) {
            int slash = rest.indexOf('/');
            String name = slash < 0 ? rest : rest.substring(0, slash);
            rest = slash < 0 ? "" : rest.substring(slash + 1);
            String next = done.isEmpty() ? name : done + "/" + name;
            Entry entry = entries.get(next);
            if (entry == null) {
                return Way.NOWHERE;
            }
            if (entry.mode().equals(FileMode.SYMLINK)) {
                if (links == 0) {
                    return new Way(null, true);
                }
                String target = target(done, entry);
                boolean whole = rest.isEmpty() || (target != null && target.isEmpty());
                return target == null ? Way.NOWHERE : follow(target + (whole ? "" : "/") + rest, links - 1);
            }
            done = next;
        }
        return new Way(done, false);
    }

    private @Nullable String target(String folder, Entry link) {
        try {
            String text = new String(repository.open(link.id()).getBytes(), StandardCharsets.UTF_8);
            Path resolved = root.resolve(folder).resolve(text).normalize();
            return resolved.startsWith(root) ? root.relativize(resolved).toString() : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}

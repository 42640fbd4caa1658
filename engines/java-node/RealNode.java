import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/**
 * One OpenSearch node. First argument: its settings file; the second: "security" for the security plugin. Ends when
 * its standard input does, so that it never outlives whoever started it.
 */
public final class RealNode extends Node {
  private static final List<String> PLUGINS = List.of(
      "org.opensearch.transport.Netty4Plugin",
      "org.opensearch.analysis.common.CommonAnalysisPlugin",
      "org.opensearch.index.mapper.MapperExtrasPlugin",
      "org.opensearch.painless.PainlessPlugin",
      "org.opensearch.index.reindex.ReindexPlugin",
      "org.opensearch.ingest.common.IngestCommonPlugin",
      "org.opensearch.script.mustache.MustachePlugin");

  private RealNode(Settings settings, Path configFolder, Collection<Class<? extends Plugin>> plugins) {
    super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), configFolder, () -> "real"), plugins, false);
  }

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    Settings settings = Settings.builder().loadFromPath(file).build();
    List<String> names = new ArrayList<>(PLUGINS);
    if (arguments.length > 1 && arguments[1].equals("security")) {
      names.add("org.opensearch.security.OpenSearchSecurityPlugin");
    }
    List<Class<? extends Plugin>> plugins = new ArrayList<>();
    for (String name : names) plugins.add(Class.forName(name).asSubclass(Plugin.class));
    RealNode node = new RealNode(settings, file.getParent(), plugins);
    node.start();
    int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
    System.out.println("ready " + port);
    while (System.in.read() >= 0) continue;
    node.close();
    Files.deleteIfExists(file);
    System.exit(0);
  }
}

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;

/** Starts one Elasticsearch node without the launcher of its distribution: Launcher HOME. */
public class Launcher {
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Settings settings =
        Settings.builder()
            .put("path.home", home)
            .put("path.logs", home.resolve("logs"))
            .put("path.data", home.resolve("data"))
            .build();
    // Before anything else: classes of the server log while they are loaded.
    LogConfigurator.configureESLogging();
    LogConfigurator.registerErrorListener();
    LogConfigurator.setNodeName("n1");
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), home.resolve("config"), () -> "n1");
    LogConfigurator.configure(environment, true);
    Node node = new Node(environment).start();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (Exception e) {
                    System.err.println("the node did not close: " + e);
                  }
                  ended.countDown();
                }));
    ended.await();
  }
}

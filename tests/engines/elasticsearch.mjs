/**
 * The real Elasticsearch, put together from Maven Central: no distribution of it is on a package
 * registry. Without security, which is not there either.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, step } from "../../scripts/tools/console.mjs";
import { installDebianPackage } from "../../scripts/tools/debian.mjs";
import { CACHE, ROOT } from "../../scripts/tools/paths.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";
import { api } from "./api.mjs";

const SOURCES = join(ROOT, "tests/engines/elasticsearch");
/** Made for Java 17; newer ones refuse what it asks of them. */
const JAVA = "17";

const CREDENTIAL = { esUsername: "elastic", esPassword: "123456" };
/** For Envoy's `basic_auth`, which stands in front: the node itself takes any credential. */
const USERS = `elastic:{SHA}${createHash("sha1").update(CREDENTIAL.esPassword).digest("base64")}`;

const run = (command, args) => spawnSync(command, args, { encoding: "utf8" });

/** The folder of a JDK of the right version, "" when there is none. */
function findJdk() {
  const debian = "/usr/lib/jvm";
  const folders = [
    process.env.JAVA_HOME,
    ...(existsSync(debian) ? readdirSync(debian).map((name) => join(debian, name)) : []),
  ].filter(Boolean);
  const found = folders.find((folder) =>
    run(join(folder, "bin/javac"), ["-version"]).stdout?.startsWith(`javac ${JAVA}.`),
  );
  if (found) return found;
  const onPath = run("javac", ["-version"]).stdout?.startsWith(`javac ${JAVA}.`);
  if (!onPath) return "";
  const home = /java\.home = (.*)/.exec(
    run("java", ["-XshowSettings:properties", "-version"]).stderr,
  );
  return home ? home[1].trim() : "";
}

function ensureJdk() {
  let jdk = findJdk();
  if (!jdk && installDebianPackage(`openjdk-${JAVA}-jdk-headless`)) jdk = findJdk();
  if (jdk) return jdk;
  return fail(`no JDK ${JAVA} was found; Elasticsearch needs it`, "Install one and set JAVA_HOME.");
}

function ensureMaven() {
  const works = () => run("mvn", ["-v"]).status === 0;
  if (works() || (installDebianPackage("maven") && works())) return;
  fail("mvn was not found; Elasticsearch is fetched with it", "Install Maven.");
}

/** The folder with the server's parts; made at the first call. */
function ensureServer(jdk) {
  const folder = join(CACHE, "elasticsearch-8.13.4");
  if (existsSync(join(folder, "complete"))) return folder;
  step("fetching Elasticsearch 8.13.4 from Maven Central (once)");
  ensureMaven();
  rmSync(folder, { recursive: true, force: true });
  const fetchInto = (profile, target) => {
    const result = run("mvn", [
      ...["-q", "-B", "-f", join(SOURCES, "pom.xml"), "-P", profile],
      ...["dependency:copy-dependencies", `-DoutputDirectory=${join(folder, target)}`],
    ]);
    if (result.status !== 0) fail("mvn could not fetch Elasticsearch", result.stdout.slice(-2000));
  };
  fetchInto("server", "lib");
  fetchInto("netty4", "transport-netty4");
  // A jar that is there twice is refused at the start.
  const module = join(folder, "transport-netty4");
  for (const jar of readdirSync(module)) {
    if (jar.startsWith("elasticsearch-core-")) rmSync(join(module, jar));
  }
  copyFileSync(
    join(SOURCES, "plugin-descriptor.properties"),
    join(module, "plugin-descriptor.properties"),
  );
  const compiled = run(join(jdk, "bin/javac"), [
    ...["-cp", join(folder, "lib/*"), "-d", join(folder, "classes")],
    join(SOURCES, "Launcher.java"),
  ]);
  if (compiled.status !== 0)
    fail("the launcher of Elasticsearch was not compiled", compiled.stderr);
  writeFileSync(join(folder, "complete"), "");
  return folder;
}

/** Starts a node on loopback with an index `faq` for vectors of so many dimensions. */
export async function startElasticsearch(dimensions) {
  const jdk = ensureJdk();
  const server = ensureServer(jdk);
  const [port, transport] = [await freePort(), await freePort()];
  const home = mkdtempSync(join(tmpdir(), "elasticsearch-"));
  for (const name of ["config", "modules", "plugins", "lib", "logs", "data", "scratch"]) {
    mkdirSync(join(home, name));
  }
  cpSync(join(server, "transport-netty4"), join(home, "modules/transport-netty4"), {
    recursive: true,
  });
  copyFileSync(join(SOURCES, "log4j2.properties"), join(home, "config/log4j2.properties"));
  writeFileSync(
    join(home, "config/elasticsearch.yml"),
    [
      "cluster.name: test",
      "node.name: n1",
      "discovery.type: single-node",
      "network.host: 127.0.0.1",
      `http.port: ${port}`,
      `transport.port: ${transport}`,
      "http.type: netty4",
      "transport.type: netty4",
      "cluster.routing.allocation.disk.threshold_enabled: false",
      "",
    ].join("\n"),
  );
  const child = new Child(join(jdk, "bin/java"), [
    ...["-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    `-Djava.io.tmpdir=${join(home, "scratch")}`,
    ...["-Dlog4j2.disable.jmx=true", "-Dio.netty.noUnsafe=true"],
    "-Dio.netty.allocator.type=unpooled",
    // On the class path it does not start.
    ...["-p", join(server, "lib"), "--add-modules"],
    "org.elasticsearch.server,org.elasticsearch.preallocate,jdk.net,org.apache.logging.log4j.core",
    ...["-cp", join(server, "classes"), "Launcher", home],
  ]);
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/_cluster/health`), 120);
  if (!ready) throw new Error(`Elasticsearch did not start:\n${child.output}`);
  const call = api(port);
  await call("PUT", "/faq", {
    settings: { number_of_replicas: 0 },
    mappings: {
      properties: {
        embedding: { type: "dense_vector", dims: dimensions, index: true, similarity: "cosine" },
        record: { type: "keyword", index: false, doc_values: false },
      },
    },
  });
  return {
    port,
    users: USERS,
    vector: { type: "elasticsearch", collectionID: "faq", ...CREDENTIAL },
    async count() {
      await call("POST", "/faq/_refresh");
      return (await call("GET", "/faq/_count")).count;
    },
    putAsGo: (question, embedding, answer) =>
      call("POST", "/faq/_doc?refresh=true", { embedding, question, answer }),
    async stop() {
      await child.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

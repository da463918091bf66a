/** The real Redis, and the real Webdis in front of one. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDebianPackage } from "../../scripts/tools/debian.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";

export const PASSWORD = "s3cret";

function installed(binary, name) {
  const file = `/usr/bin/${binary}`;
  if (!existsSync(file)) installDebianPackage(name);
  if (!existsSync(file)) throw new Error(`${binary} is not installed; apt-get install ${name}`);
  return file;
}

/** A Redis with a password. */
export class Redis {
  /** `port`: a free one when there is none. `password`: none when empty. */
  static async start(port, password = PASSWORD) {
    const redis = new Redis();
    redis.port = port ?? (await freePort());
    redis.login = password ? ["-a", password, "--no-auth-warning"] : [];
    redis.child = new Child(installed("redis-server", "redis-server"), [
      ...["--bind", "127.0.0.1", "--port", String(redis.port)],
      ...["--save", "", "--requirepass", password, "--dir", mkdtempSync(join(tmpdir(), "redis-"))],
    ]);
    const ready = await redis.child.ready(() => redis.cli("PING") === "PONG", 10);
    if (!ready) throw new Error(`Redis did not start:\n${redis.child.output}`);
    return redis;
  }

  cli(...args) {
    const at = ["-h", "127.0.0.1", "-p", String(this.port), ...this.login];
    const { stdout } = spawnSync("/usr/bin/redis-cli", [...at, ...args], { encoding: "utf8" });
    return stdout.trim();
  }

  signal(name) {
    process.kill(this.child.process.pid, name);
  }

  async stop() {
    if (this.child.ended) return;
    this.signal("SIGCONT");
    await this.child.stop();
  }
}

/** A Webdis in front of the Redis on `redisPort`; `{ port, stop }`. */
export async function startWebdis(redisPort) {
  const port = await freePort();
  const file = join(mkdtempSync(join(tmpdir(), "webdis-")), "webdis.json");
  const settings = {
    http_host: "127.0.0.1",
    http_port: port,
    http_max_request_size: 1 << 26,
    redis_host: "127.0.0.1",
    redis_port: redisPort,
    redis_auth: PASSWORD,
    daemonize: false,
    threads: 2,
    logfile: "/dev/null",
  };
  writeFileSync(file, JSON.stringify(settings));
  const child = new Child(installed("webdis", "webdis"), [file]);
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/PING`), 10);
  if (!ready) throw new Error(`Webdis did not start:\n${child.output}`);
  return { port, stop: () => child.stop() };
}

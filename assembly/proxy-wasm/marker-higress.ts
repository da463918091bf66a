/**
 * Higress' ABI marker; only its name counts. Hosts take the first marker that they know, so a module with both must export this one
 * before `proxy_abi_version_0_2_1`.
 */
export function proxy_abi_version_0_2_100(): void {}

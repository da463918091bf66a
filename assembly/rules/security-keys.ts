/** Keys that are not declared (`ConfigKey`) and decide who is let in or with which credential something goes out. */

/** Their values are credentials: no blank, no placeholder. */
const CREDENTIALS: string[] = [
  "apiToken",
  "apiTokens",
  "apiKey",
  "apiSecret",
  "esPassword",
  "password",
  "textinAppId",
  "textinSecretCode",
  "token",
];

/** Their values say what becomes of credentials. */
const DECISIONS: string[] = [
  "allowedPaths",
  "authHeaderKey",
  "clientAuth",
  "esUsername",
  "forwardHeaders",
  "originalAuth",
  "protocol",
  "username",
];

/** Whether the value of `key` is a credential. */
export function isCredentialKey(key: string): bool {
  return CREDENTIALS.includes(key);
}

/**
 * Whether a wrong value of `key` must not become the default, because the default could send or admit
 * another credential than was meant.
 */
export function isSecurityKey(key: string): bool {
  return isCredentialKey(key) || DECISIONS.includes(key);
}

/** Why a credential is none but what stands for one until somebody fills it in; empty when it is one. */
export function placeholderFault(value: string): string {
  const text = value.trim();
  const isBracketed =
    (text.startsWith("[") && text.endsWith("]")) || (text.startsWith("<") && text.endsWith(">"));
  const isVariable =
    text.includes("${") || text.startsWith("os.environ/") || text.startsWith("{{") || isEnv(text);
  if (isVariable) {
    return "is a variable that nothing has replaced by its value: as ${NAME} it is read from Envoy's environment";
  }
  return isBracketed ? "is a placeholder: write the key itself" : "";
}

/** `$NAME`, as shells write a variable. */
function isEnv(text: string): bool {
  if (text.length < 2 || text.charCodeAt(0) != 0x24) return false;
  for (let i = 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isUpper = c >= 0x41 && c <= 0x5a;
    if (!isUpper && c != 0x5f && (i == 1 || c < 0x30 || c > 0x39)) return false;
  }
  return true;
}

/** The name of a variable where a value is `${NAME}` and nothing else; else empty. */
export function variableName(value: string): string {
  const text = value.trim();
  if (!text.startsWith("${") || !text.endsWith("}") || text.length < 4) return "";
  const name = text.slice(2, text.length - 1);
  return isEnv("$" + name.toUpperCase()) ? name : "";
}

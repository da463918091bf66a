import { Char } from "../proxy-wasm/char";

/** Why a credential is only a placeholder; empty when it is not. */
export function placeholderFault(value: string): string {
  const text = value.trim();
  const isBracketed =
    (text.startsWith("[") && text.endsWith("]")) || (text.startsWith("<") && text.endsWith(">"));
  const isVariable =
    text.includes("${") || text.startsWith("os.environ/") || text.startsWith("{{") || isEnv(text);
  if (isVariable) {
    return "is a variable that was not replaced: ${NAME} is read from Envoy's environment";
  }
  return isBracketed ? "is a placeholder: write the key itself" : "";
}

/** Whether a text is `$NAME`, a shell variable. */
function isEnv(text: string): bool {
  if (text.length < 2 || text.charCodeAt(0) != Char.Dollar) return false;
  for (let i = 1; i < text.length; i++) {
    const c = <u32>text.charCodeAt(i);
    const isUpper = c >= Char.UpperA && c <= Char.UpperZ;
    if (!isUpper && c != Char.Underscore && (i == 1 || c < Char.Zero || c > Char.Nine))
      return false;
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

/** The message about a variable that is not set. */
export function missingVariable(name: string): string {
  const where = "set it for Envoy, and list it in vm_config.environment_variables.host_env_keys";
  return "refers to the variable " + name + ", which the module cannot read: " + where;
}

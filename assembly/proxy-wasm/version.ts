/** The version of both modules: that of `package.json`. */
export const VERSION = "0.1.0";

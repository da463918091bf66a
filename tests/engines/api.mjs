/** Calls a server on loopback with JSON; fails when it does not answer with success. */
export const api =
  (port, headers = {}) =>
  async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    const value = text ? JSON.parse(text) : null;
    if (!response.ok || value?.code > 200 || value?.errors) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return value;
  };

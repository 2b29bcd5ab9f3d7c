/**
 * What a request asks for, always at this origin: `//evil.example/` is a path, not another host, and `//` is no error.
 * @param target as `IncomingMessage.url` has it
 */
export function requestUrl(target: string | undefined, origin: string): URL {
  return new URL(`${origin}${target?.startsWith('/') ? '' : '/'}${target ?? ''}`);
}

/**
 * What a request asks for, at this origin whatever its target says: `//evil.example/` is a path, not another host, and `//` is no error.
 * @param target as `IncomingMessage.url` has it
 */
export function requestUrl(target: string | undefined, origin: string): URL {
  return new URL(`${origin}${target?.startsWith('/') ? '' : '/'}${target ?? ''}`);
}

import { subscribe } from 'node:diagnostics_channel';

/** The parts of a path that differ from payment to payment. */
const VARIABLE = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{22})$/;

/** How long each request of this process to `origin` took until its answer was complete, by method and path. */
export function watchRequests(origin: string): Map<string, number[]> {
  const begun = new WeakMap<object, number>();
  const timesMs = new Map<string, number[]>();
  subscribe('undici:request:create', (message) => {
    begun.set((message as { request: object }).request, performance.now());
  });
  subscribe('undici:request:trailers', (message) => {
    const { request } = message as { request: { origin: unknown; method: string; path: string } };
    const at = begun.get(request);
    if (at === undefined || String(request.origin) !== origin) return;
    const route = `${request.method} ${pathOf(request.path)}`;
    const times = timesMs.get(route) ?? [];
    times.push(performance.now() - at);
    timesMs.set(route, times);
  });
  return timesMs;
}

function pathOf(path: string): string {
  const [bare = ''] = path.split('?');
  return bare
    .split('/')
    .map((part) => (VARIABLE.test(part) ? '…' : part))
    .join('/');
}

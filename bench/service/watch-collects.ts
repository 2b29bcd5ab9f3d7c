import { subscribe } from 'node:diagnostics_channel';

/** When each order was collected, in milliseconds, by its orderRef: taken where the requests leave this process. */
export function watchCollects(): Map<string, number[]> {
  const collects = new Map<string, number[]>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { path: string; body: unknown } };
    if (!request.path.endsWith('/collect')) return;
    const { orderRef } = JSON.parse(String(request.body)) as { orderRef: string };
    collects.set(orderRef, [...(collects.get(orderRef) ?? []), performance.now()]);
  });
  return collects;
}

/** The times between two collects of the same order. */
export function secondsBetween(collects: ReadonlyMap<string, readonly number[]>): readonly number[] {
  return [...collects.values()].flatMap((times) => times.slice(1).map((time, at) => (time - (times[at] ?? 0)) / 1000));
}
